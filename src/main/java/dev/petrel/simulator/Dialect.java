package dev.petrel.simulator;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** One vendor's way of saying things. */
interface Dialect {

    /** Whose message it is; null where the vendor's requests do not say, or this one does not. */
    @Nullable
    Account account(HttpServerRequest request);

    Call read(Form form, Call.Reading reading);

    /** What the vendor finds wrong with the request; null if nothing. */
    @Nullable
    Answer complaint(HttpServerRequest request, Form form, Call call);

    Answer accepted(HttpServerRequest request, Call call);

    /**
     * @param status null: the one that goes with the code
     * @param message null: the one that goes with the code
     */
    Answer error(Call call, String code, @Nullable Integer status, @Nullable String message);

    /** A failure of the vendor's own. */
    Answer failure(Call call, int status);

    Answer throttled(Call call);

    Answer rubbish();

    /** Vendors quote what they complain of: what must never reach anybody's logs through us. */
    static String quote(Call call) {
        return "To: " + call.to() + ", Body: " + call.text();
    }
}
