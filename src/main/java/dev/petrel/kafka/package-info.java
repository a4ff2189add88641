/**
 * The edge to Kafka: intake, codec, offsets, backpressure, dead letters, status publishing, checks of the topics. Open
 * {@link dev.petrel.kafka.RequestIntake} first.
 */
package dev.petrel.kafka;
