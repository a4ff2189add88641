package dev.petrel.guarantees.storm;

import java.time.Instant;

/** A take-over, as it stands on the status topic. */
record Mark(int partition, long offset, Instant recordedAt, String writer) {
    String instance() {
        return writer.substring(0, writer.indexOf('/'));
    }
}
