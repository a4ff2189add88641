/**
 * The meltdown of November 2022, replayed: providers that take codes and deliver none, at the worst moment. Open {@link
 * dev.petrel.meltdown.Meltdown} first.
 */
package dev.petrel.meltdown;
