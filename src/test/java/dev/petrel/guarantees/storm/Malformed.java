package dev.petrel.guarantees.storm;

import org.jspecify.annotations.Nullable;

/** A record on the request topic that is no request. @param requestId null where none can be read */
record Malformed(@Nullable String requestId, int partition, long offset) {}
