package dev.petrel.guarantees.storm;

import java.time.Instant;

/** A dead letter, and where on the request topic its record stands. */
record Letter(int partition, long offset, Instant recordedAt) {}
