package dev.petrel.simulator;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a provider does with a request. It has been read whole and stands in the calls by then, but for {@link Refuse},
 * where there is no request. A mode by itself stands for every number; {@link #forShare} and {@link #forCountry} make a
 * {@link Rule} for some.
 *
 * <p>{@link Healthy}, {@link Error} and {@link Rubbish2xx} take as long as the provider's latency says; the other
 * answers come at once unless their rule has a latency of its own.
 */
public sealed interface Mode {

    Kind kind();

    static Mode healthy() {
        return new Healthy();
    }

    static Mode blackHole() {
        return new BlackHole();
    }

    static Mode refuse() {
        return new Refuse();
    }

    static Mode resetAfterReading() {
        return new ResetAfterReading();
    }

    static Mode status(int httpStatus) {
        return new Status(httpStatus);
    }

    static Mode html502() {
        return new Html502();
    }

    static Mode empty503() {
        return new Empty503();
    }

    static Mode rubbish2xx() {
        return new Rubbish2xx();
    }

    static Mode throttle() {
        return new Throttle(null);
    }

    static Mode throttle(Duration retryAfter) {
        return new Throttle(retryAfter);
    }

    static Mode error(String code) {
        return new Error(code, null, null);
    }

    static Mode error(String code, int httpStatus) {
        return new Error(code, httpStatus, null);
    }

    default Rule forEverything() {
        return new Rule(this, 1, null, null);
    }

    /** @param share of the numbers, above 0 and at most 1; the same number always falls on the same side */
    default Rule forShare(double share) {
        return new Rule(this, share, null, null);
    }

    /** @param country a calling code with plus, for example {@code +44} */
    default Rule forCountry(String country) {
        return new Rule(this, 1, country, null);
    }

    /** Checks the request as the vendor would, and takes the message. */
    record Healthy() implements Mode {
        @Override
        public Kind kind() {
            return Kind.HEALTHY;
        }
    }

    /** Never answers. The request hangs until its connection closes, whatever the provider does later. */
    record BlackHole() implements Mode {
        @Override
        public Kind kind() {
            return Kind.BLACK_HOLE;
        }
    }

    /** The port is closed, and so are its connections. Stands alone: no number is known where nobody connects. */
    record Refuse() implements Mode {
        @Override
        public Kind kind() {
            return Kind.REFUSE;
        }
    }

    /** The connection is reset (TCP RST) once the request has been read. */
    record ResetAfterReading() implements Mode {
        @Override
        public Kind kind() {
            return Kind.RESET_AFTER_READING;
        }
    }

    /** Fails with this status and a body of the vendor's own shape. */
    record Status(int httpStatus) implements Mode {
        public Status {
            Mode.checkFailure(httpStatus);
        }

        @Override
        public Kind kind() {
            return Kind.STATUS;
        }
    }

    /** 502 with the HTML page of a load balancer. */
    record Html502() implements Mode {
        @Override
        public Kind kind() {
            return Kind.HTML_502;
        }
    }

    /** 503 without a body. */
    record Empty503() implements Mode {
        @Override
        public Kind kind() {
            return Kind.EMPTY_503;
        }
    }

    /** The vendor's status for success, with a body that nobody can read. */
    record Rubbish2xx() implements Mode {
        @Override
        public Kind kind() {
            return Kind.RUBBISH_2XX;
        }
    }

    /**
     * 429 in the vendor's own shape.
     *
     * @param retryAfter sent as {@code Retry-After} in whole seconds; null: none is sent
     */
    record Throttle(@Nullable Duration retryAfter) implements Mode {
        public Throttle {
            if (retryAfter != null && (retryAfter.isNegative() || retryAfter.getNano() != 0)) {
                throw new IllegalArgumentException(
                        "retryAfter: is " + retryAfter + ", must be whole seconds, 0 or more");
            }
        }

        @Override
        public Kind kind() {
            return Kind.THROTTLE;
        }
    }

    /**
     * Refuses the message with an error of the vendor's.
     *
     * @param code a number for Twilio ({@code 21211}), a word for SNS ({@code InvalidParameter})
     * @param httpStatus null: the one that goes with the code
     * @param message null: the one that goes with the code. As the vendors do, it quotes number and text
     */
    record Error(
            String code,
            @Nullable Integer httpStatus,
            @Nullable String message) implements Mode {
        public Error {
            if (!code.matches("[A-Za-z0-9.]{1,64}")) {
                throw new IllegalArgumentException("code: must be 1 to 64 letters, digits or dots");
            }
            if (httpStatus != null) {
                Mode.checkFailure(httpStatus);
            }
        }

        @Override
        public Kind kind() {
            return Kind.ERROR;
        }
    }

    /** The names in lower case are the words of the JSON. */
    enum Kind {
        HEALTHY,
        BLACK_HOLE,
        REFUSE,
        RESET_AFTER_READING,
        STATUS,
        HTML_502,
        EMPTY_503,
        RUBBISH_2XX,
        THROTTLE,
        ERROR;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether the answer takes the provider's latency; the others come at once. */
        boolean unhurried() {
            return this == HEALTHY || this == ERROR || this == RUBBISH_2XX;
        }

        /** Whether the message may have been taken for all that the client sees. */
        boolean mayHaveTaken() {
            return switch (this) {
                case BLACK_HOLE, RESET_AFTER_READING, RUBBISH_2XX, STATUS, HTML_502, EMPTY_503 -> true;
                case HEALTHY, REFUSE, THROTTLE, ERROR -> false;
            };
        }
    }

    private static void checkFailure(int httpStatus) {
        if (httpStatus < 300 || httpStatus > 599) {
            throw new IllegalArgumentException("httpStatus: is " + httpStatus + ", must be 300 to 599");
        }
    }
}
