package dev.petrel.client;

import java.util.Optional;

/**
 * Something that happened to a request.
 *
 * @param status as the contract names it: {@code submitted}, {@code delivered}, {@code failed}, …
 * @param last whether it ends the request
 * @param provider of the attempt that it is about
 * @param reason the class of what went wrong
 */
public record Event(
        String requestId,
        String status,
        boolean last,
        Optional<String> provider,
        Optional<String> reason,
        Optional<Advice> advice) {}
