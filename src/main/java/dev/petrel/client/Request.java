package dev.petrel.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A code to be sent.
 *
 * @param requestId new with each code; the same again is a duplicate, for which nothing is sent
 * @param to in E.164 with {@code +}
 * @param lifetime how long the code is of use
 */
public record Request(
        String requestId,
        String to,
        String text,
        Duration lifetime,
        Optional<String> purpose,
        Optional<String> tenant,
        Optional<String> supersedes) {
    public static Request of(String requestId, String to, String text, Duration lifetime) {
        return new Request(requestId, to, text, lifetime, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The user has asked for another code: the older one is not sent any more, if nobody has taken it yet. */
    public Request superseding(String olderId) {
        return new Request(requestId, to, text, lifetime, purpose, tenant, Optional.of(olderId));
    }

    /** Leaves out the text and the number. */
    @Override
    public String toString() {
        return "Request[" + requestId + "]";
    }
}
