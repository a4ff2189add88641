package dev.petrel.simulator;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request that a simulated provider has read to its end: what the provider saw, whatever it then did. Only {@link
 * #fate()}, {@link #httpStatus()}, {@link #error()} and {@link #handset()} change afterwards; they may be read on any
 * thread.
 */
public final class Call {
    private final Vendor vendor;
    private final long salt;
    private final long number;
    private final long nanos;
    private final long epochMillis;
    private final @Nullable Account account;
    private final @Nullable String to;
    private final @Nullable String text;
    private final @Nullable String sender;
    private final @Nullable String statusCallback;
    private final int validitySeconds;
    private final int attempt;

    /** From the reading until the handset gets it; below 0: it never does. */
    private volatile int reachesAfterMillis = -1;

    private int httpStatus;
    private @Nullable String error;
    /** Written last and read first, so that it carries the two above from thread to thread. */
    private volatile Fate fate = Fate.WAITING;

    Call(
            Reading reading,
            @Nullable String to,
            @Nullable String text,
            @Nullable String sender,
            @Nullable String statusCallback,
            int validitySeconds,
            int attempt) {
        this.vendor = reading.vendor();
        this.salt = reading.salt();
        this.number = reading.number();
        this.nanos = reading.nanos();
        this.epochMillis = reading.epochMillis();
        this.account = reading.account();
        this.to = to;
        this.text = text;
        this.sender = sender;
        this.statusCallback = statusCallback;
        this.validitySeconds = validitySeconds;
        this.attempt = attempt;
    }

    /** What is known of a request before its form is understood. */
    record Reading(
            Vendor vendor,
            long salt,
            long number,
            long nanos,
            long epochMillis,
            @Nullable Account account) {}

    /**
     * When the simulated handset got the message: the truth, whatever receipts say.
     *
     * @param nanos by {@link System#nanoTime()}
     */
    public record Arrival(long nanos, long epochMillis) {}

    /** From 1, without gaps, in the order in which this provider read them; goes on when the calls are forgotten. */
    public long number() {
        return number;
    }

    /** {@link System#nanoTime()} when it had been read. */
    public long nanos() {
        return nanos;
    }

    /** {@link System#currentTimeMillis()} when it had been read. */
    public long epochMillis() {
        return epochMillis;
    }

    /** The destination as it was sent, valid or not; null if there was none. */
    public @Nullable String to() {
        return to;
    }

    public @Nullable String text() {
        return text;
    }

    /** Twilio: {@code MessagingServiceSid}, or else {@code From}. SNS: the attribute {@code AWS.SNS.SMS.SenderID}. */
    public @Nullable String sender() {
        return sender;
    }

    /** Twilio's {@code StatusCallback}. */
    public @Nullable String statusCallback() {
        return statusCallback;
    }

    /** Twilio's {@code ValidityPeriod}; 0 if there was none. */
    public int validitySeconds() {
        return validitySeconds;
    }

    /** Twilio's {@code Attempt}; 0 if there was none. */
    public int attempt() {
        return attempt;
    }

    /** The id that the provider gives to this message when it takes it: what Petrel gets to see. */
    public String messageId() {
        long high = Ruling.mix(salt + number);
        return vendor.messageId(high, Ruling.mix(high ^ salt));
    }

    public Fate fate() {
        return fate;
    }

    /** When the handset got the message; null as long as it has not. */
    public @Nullable Arrival handset() {
        int after = reachesAfterMillis;
        long at = nanos + TimeUnit.MILLISECONDS.toNanos(after);
        return after < 0 || System.nanoTime() - at < 0 ? null : new Arrival(at, epochMillis + after);
    }

    /** Whether the provider said that it took the message, in an answer that can be read. */
    public boolean accepted() {
        return fate == Fate.ANSWERED && error == null;
    }

    /** The status of the answer; 0 while there is none. */
    public int httpStatus() {
        return fate == Fate.ANSWERED ? httpStatus : 0;
    }

    /** The vendor's error code in the answer, or our word for one without; null while there is none, and on success. */
    public @Nullable String error() {
        return fate == Fate.ANSWERED ? error : null;
    }

    @Nullable
    Account account() {
        return account;
    }

    void reaches(int afterMillis) {
        reachesAfterMillis = afterMillis;
    }

    void answered(int status, @Nullable String code) {
        httpStatus = status;
        error = code;
        fate = Fate.ANSWERED;
    }

    void become(Fate next) {
        fate = next;
    }

    /** Leaves out number and text: it is printed where tests fail. */
    @Override
    public String toString() {
        return "Call[" + number + ", " + fate + " " + httpStatus + "]";
    }

    /** The names in lower case are the words of the JSON. */
    public enum Fate {
        /** Read, and its answer comes after the latency. */
        WAITING,
        /** An answer was written. */
        ANSWERED,
        /** It will never be answered; the connection stands. */
        HANGING,
        /** The provider reset the connection. */
        RESET,
        /** The connection was closed, by the client or by {@link Mode.Refuse}, before there was an answer. */
        CLOSED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
