package dev.petrel.kafka;

import java.time.Duration;

/**
 * How far behind the end of what it reads the reader of availability is, and whose fault that is; in nanoseconds of one
 * clock.
 *
 * <p>After 5 s it is too late to say anything. After 30 s in which Kafka has not failed it, the fault is its own: it is
 * starved, or stuck. Then its instance is better given up, since another can speak only once this one no longer owns the
 * partition. Two exceptions, or one instance after the other would give up for nothing: while Kafka fails, everybody is
 * silent; and whoever has not been at the end yet reads slowly because there is much to read, as the next would.
 *
 * <p>Not safe for several threads.
 */
final class Lateness {
    static final Duration MOST = Duration.ofSeconds(5);
    static final Duration GIVES_UP = Duration.ofSeconds(30);

    private long atEnd;
    private long notOurs;
    private boolean everAtEnd;

    Lateness(long now) {
        atEnd = now;
        notOurs = now;
    }

    /** All that was there at this instant is read. */
    void atEnd(long at) {
        atEnd = at;
        notOurs = at - notOurs > 0 ? at : notOurs;
        everAtEnd = true;
    }

    void kafkaFailed(long now) {
        notOurs = now;
    }

    boolean everAtEnd() {
        return everAtEnd;
    }

    boolean tooLate(long now) {
        return now - atEnd > MOST.toNanos();
    }

    boolean givesUp(long now) {
        return everAtEnd && tooLate(now) && now - notOurs > GIVES_UP.toNanos();
    }
}
