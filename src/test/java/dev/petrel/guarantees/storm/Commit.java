package dev.petrel.guarantees.storm;

import java.time.Instant;

/** A committed offset as it was looked up. @param at when the answer had come */
record Commit(int partition, long offset, Instant at) {}
