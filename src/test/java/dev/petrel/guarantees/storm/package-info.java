/**
 * The promises in bad weather: gateways as processes are killed, frozen, cut off and replaced under load, as a seed has
 * it, the broker and the providers stumble too, and observers hold what was recorded against the promises. Open {@link
 * dev.petrel.guarantees.storm.Storm} first.
 */
package dev.petrel.guarantees.storm;
