package dev.petrel.app;

import io.vertx.core.Future;

/** The composition root. */
public final class Gateway {
    private Gateway() {}

    public static Future<Gateway> start(Settings settings) {
        return Future.failedFuture("not wired yet: " + settings.kafka().instanceId());
    }

    public Future<Void> stop() {
        return Future.succeededFuture();
    }

    /** Succeeds, with the cause, once the gateway can't go on; never fails. */
    public Future<Throwable> failed() {
        return Future.future(never -> {});
    }
}
