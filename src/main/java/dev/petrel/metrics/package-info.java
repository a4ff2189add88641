/** Every meter that Petrel publishes: names, tags and help texts in one place. Open {@link dev.petrel.metrics.Meters}. */
package dev.petrel.metrics;
