/**
 * What the status topic says of each request: events folded into where it stands, and the ids that were seen. Plain
 * Java without Kafka. Open {@link dev.petrel.journal.Standing} first.
 */
package dev.petrel.journal;
