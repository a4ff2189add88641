/**
 * Whether SMS can be relied on, country by country: what the status topic says of everybody's requests, folded. Plain
 * Java without Kafka. Open {@link dev.petrel.availability.Availability} first.
 */
package dev.petrel.availability;
