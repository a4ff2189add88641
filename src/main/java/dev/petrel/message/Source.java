package dev.petrel.message;

/** Where a request came from: its record's place on the request topic. */
public record Source(String topic, int partition, long offset) {}
