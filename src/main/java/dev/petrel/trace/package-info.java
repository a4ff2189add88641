/**
 * What the topics tell of one request, or of a record that was none, in words for people. No Kafka and no JSON: the edges
 * read, this package words. Open {@link dev.petrel.trace.Story} first.
 */
package dev.petrel.trace;
