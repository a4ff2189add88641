package dev.petrel.delivery;

import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import io.vertx.core.Future;
import java.util.Map;

/** Where a request goes that comes in on another way than the topic: onto the topic, as if its sender had written it there. */
public interface RequestSink {
    /** What was brought: a request or none. */
    sealed interface Brought {
        /**
         * It follows every rule.
         *
         * @param value what is to be written; the same for the same request, however it was written down
         */
        record Request(SendRequest request, byte[] value) implements Brought {}

        /** @param field the first that breaks a rule, and which; never its value */
        record Wrong(String field, String rule) implements Brought {}

        /** It names another tenant than whoever brought it. */
        record Foreign() implements Brought {}
    }

    /**
     * Holds it against the rules of the contract. Never throws. On one event loop.
     *
     * @param tenant who brings it; a request that names none is his
     */
    Brought read(byte[] json, String tenant);

    /**
     * Succeeds once the brokers have acknowledged it, with its place. Fails within some five seconds; then it may have been
     * written all the same. On an event loop, where the future completes too.
     *
     * @param trace headers of W3C Trace Context that it was brought with, by their names; unchecked
     */
    Future<Source> write(Brought.Request request, Map<String, String> trace);

    /** Whether the brokers acknowledge nothing now, as far as is known of what was written lately. On any thread. */
    boolean isUnheard();
}
