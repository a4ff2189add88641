package dev.petrel.client;

import java.util.Optional;

/**
 * How a request ended.
 *
 * @param status {@code delivered}, {@code submitted}, {@code failed}, {@code expired}, {@code rejected}, {@code superseded}
 *     or {@code unconfirmed}
 * @param reason the class of what went wrong
 * @param advice what to do now; none with {@code delivered}
 */
public record Final(String requestId, String status, Optional<String> reason, Optional<Advice> advice) {}
