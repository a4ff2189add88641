package dev.petrel.simulator;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a message that was taken: whether and when its handset gets it, and what the provider then says of
 * it to the URL that came with it. The two need not agree. Both latencies count from the moment the request was read,
 * so a receipt may overtake a slow answer.
 *
 * @param code the vendor's error code; with {@link Kind#UNDELIVERED} and {@link Kind#FAILED}, and only there
 * @param handset whether the handset gets the message, {@code finalAfter} from its reading
 * @param sentAfter until {@code sent}
 * @param finalAfter until the last word; where this is drawn shorter than the other, both come at the other's time
 * @param lost the probability that a receipt never leaves; every copy has its own draw
 * @param copies how often each receipt is sent, all at once
 * @param reversed whether {@code sent} comes after the last word
 */
public record Receipts(
        Kind kind,
        @Nullable String code,
        boolean handset,
        Latency sentAfter,
        Latency finalAfter,
        double lost,
        int copies,
        boolean reversed) {
    public static final Latency SENT_AFTER = Latency.fixed(200);
    public static final Latency FINAL_AFTER = Latency.of(2000, 5000);

    public Receipts {
        if (kind.bad() ? code == null || !code.matches("[0-9]{1,9}") : code != null) {
            throw new IllegalArgumentException(
                    kind.bad()
                            ? "code: must be 1 to 9 digits with " + kind.wire()
                            : "code: goes only with undelivered and failed");
        }
        if (!(lost >= 0 && lost <= 1)) {
            throw new IllegalArgumentException("lost: is " + lost + ", must be 0 to 1");
        }
        if (copies < 1 || copies > 10) {
            throw new IllegalArgumentException("copies: is " + copies + ", must be 1 to 10");
        }
    }

    /** The handset gets it, and {@code delivered} says so: how it is where nothing else is told. */
    public static Receipts delivered() {
        return of(Kind.DELIVERED, null);
    }

    /** The handset gets it, and nobody says more than {@code sent}: a carrier that reports no handsets. */
    public static Receipts sentOnly() {
        return of(Kind.SENT_ONLY, null);
    }

    /** Nothing is said, and the handset gets nothing. {@link #withHandset} makes it one whose receipts are cut off. */
    public static Receipts silent() {
        return of(Kind.SILENT, null);
    }

    /** {@code undelivered}, for example with 30003 (unreachable handset). */
    public static Receipts undelivered(String code) {
        return of(Kind.UNDELIVERED, code);
    }

    /** {@code failed}, for example with 30008 (unknown error). */
    public static Receipts failed(String code) {
        return of(Kind.FAILED, code);
    }

    /** With every field but the first two as it is where nothing is told. */
    static Receipts of(Kind kind, @Nullable String code) {
        return new Receipts(kind, code, kind.reaches(), SENT_AFTER, FINAL_AFTER, 0, 1, false);
    }

    /** What really happens, whatever is said: {@code delivered().withHandset(false)} is a lie. */
    public Receipts withHandset(boolean reached) {
        return new Receipts(kind, code, reached, sentAfter, finalAfter, lost, copies, reversed);
    }

    public Receipts withLatencies(Latency newSentAfter, Latency newFinalAfter) {
        return new Receipts(kind, code, handset, newSentAfter, newFinalAfter, lost, copies, reversed);
    }

    public Receipts withLost(double probability) {
        return new Receipts(kind, code, handset, sentAfter, finalAfter, probability, copies, reversed);
    }

    public Receipts withCopies(int newCopies) {
        return new Receipts(kind, code, handset, sentAfter, finalAfter, lost, newCopies, reversed);
    }

    public Receipts withReversed(boolean newReversed) {
        return new Receipts(kind, code, handset, sentAfter, finalAfter, lost, copies, newReversed);
    }

    /** The names in lower case are the words of the JSON, and of the last word where there is one. */
    public enum Kind {
        DELIVERED,
        SENT_ONLY,
        SILENT,
        UNDELIVERED,
        FAILED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean bad() {
            return this == UNDELIVERED || this == FAILED;
        }

        /** Whether there is a last word after {@code sent}. */
        boolean ends() {
            return this == DELIVERED || bad();
        }

        boolean reaches() {
            return this == DELIVERED || this == SENT_ONLY;
        }
    }
}
