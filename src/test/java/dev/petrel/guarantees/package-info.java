/**
 * The promises as things that can be checked from outside: what was asked, what was told on the status topic, what the
 * providers saw. Open {@link dev.petrel.guarantees.Balance} first.
 */
package dev.petrel.guarantees;
