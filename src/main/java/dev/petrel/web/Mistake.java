package dev.petrel.web;

import dev.petrel.metrics.Meters;
import io.vertx.ext.web.RoutingContext;

/** What somebody asked can't be understood: which field is wrong, and what is allowed. It never holds the value. */
final class Mistake extends Exception {
    private final String field;
    private final String allowed;

    /** @param allowed in words, what would be right */
    Mistake(String field, String allowed) {
        super(field + ": must be " + allowed, null, false, false);
        this.field = field;
        this.allowed = allowed;
    }

    void answer(RoutingContext ctx, Meters meters) {
        meters.adminCall("invalid");
        ManagementServer.answer(
                ctx, 400, ManagementServer.error(field + ": must be " + allowed).put("field", field));
    }
}
