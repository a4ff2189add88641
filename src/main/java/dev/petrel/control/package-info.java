/**
 * What operators decide over Petrel's head: orders, and the fold that knows which of them are in force. Plain Java: how
 * they come over Kafka and HTTP is the edges' business. Open {@link dev.petrel.control.Orders} first.
 */
package dev.petrel.control;
