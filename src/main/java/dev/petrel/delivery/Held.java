package dev.petrel.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The texts that are held: how many, how large, of which countries. When it is full nothing more should be taken in:
 * what can't be sent now waits in Kafka.
 *
 * <p>A country without a working provider must not keep the others out for long. From the moment this is full until it
 * is roomy again nothing is taken in, and for so long one country's waiting requests that take more than half are ended,
 * the oldest that have waited long enough first; but only where another country was admitted within the
 * minute before it got full. Where Kafka can hold the load no code is burnt.
 *
 * <p>Used on one event loop; the counts may be read from any thread.
 */
public final class Held {
    private static final Duration RECENT = Duration.ofMinutes(1);

    private final Supplier<DeliveryConfig> config;
    private final Map<String, OfCountry> countries = new HashMap<>();
    private volatile int count;
    private volatile long bytes;
    private boolean pressed;
    private Instant fullSince = Instant.MIN;

    public Held(Supplier<DeliveryConfig> config) {
        this.config = config;
    }

    /** Whether no further request should be taken in. */
    public boolean full() {
        DeliveryConfig current = config.get();
        return count >= current.heldMax() || bytes >= current.heldMaxBytes();
    }

    /** Whether there is so much room again that taking in is worth while. */
    public boolean roomy() {
        DeliveryConfig current = config.get();
        return count <= current.heldMax() * 9L / 10 && bytes <= current.heldMaxBytes() * 9 / 10;
    }

    /** Whether there is so little held that texts may stay for which there is only a small use. */
    boolean sparse() {
        DeliveryConfig current = config.get();
        return count <= current.heldMax() / 2 && bytes <= current.heldMaxBytes() / 2;
    }

    public int count() {
        return count;
    }

    public long bytes() {
        return bytes;
    }

    /** From 0 to 1, or a little more. */
    double filled() {
        DeliveryConfig current = config.get();
        return Math.max((double) count / current.heldMax(), (double) bytes / current.heldMaxBytes());
    }

    void add(Text text) {
        OfCountry country = countries.computeIfAbsent(text.country(), absent -> new OfCountry());
        country.texts.add(text);
        country.lastAdmitted = text.since();
        count++;
        bytes += text.bytes();
        if (!pressed && full()) {
            pressed = true;
            fullSince = text.since();
        }
    }

    void remove(Text text) {
        OfCountry country = countries.get(text.country());
        if (country != null && country.texts.remove(text)) {
            count--;
            bytes -= text.bytes();
            pressed &= !roomy();
        }
    }

    /** To be called now and then: ends what keeps others out. */
    public void relieve(Instant now) {
        if (!pressed) {
            return;
        }
        for (Map.Entry<String, OfCountry> entry : countries.entrySet()) {
            if (entry.getValue().waitingTakesMoreThanHalf(config.get()) && anotherWasAdmitted(entry.getKey())) {
                entry.getValue().endOldest(config.get(), now);
                return; // no two countries take more than half
            }
        }
    }

    private boolean anotherWasAdmitted(String country) {
        return countries.entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(country)
                        && entry.getValue().lastAdmitted.isAfter(fullSince.minus(RECENT)));
    }

    /** All of them as they are now. */
    List<Text> texts() {
        return countries.values().stream()
                .flatMap(country -> country.texts.stream())
                .toList();
    }

    /** One text that is held. */
    interface Text {
        String country();

        /** What it takes. */
        int bytes();

        /** When it was taken in. */
        Instant since();

        /** Whether no attempt of it is in flight and nobody has taken it. */
        boolean waiting();

        /** Makes room. */
        void endSaturated();

        /** Orders of operators have changed: ends what only waits and may not be sent any more. */
        void overruled();
    }

    private static final class OfCountry {
        final LinkedHashSet<Text> texts = new LinkedHashSet<>();
        Instant lastAdmitted = Instant.MIN;

        boolean waitingTakesMoreThanHalf(DeliveryConfig config) {
            int waiting = 0;
            long waitingBytes = 0;
            for (Text text : texts) {
                if (text.waiting()) {
                    waiting++;
                    waitingBytes += text.bytes();
                }
            }
            return waiting * 2L > config.heldMax() || waitingBytes * 2 > config.heldMaxBytes();
        }

        /** Ends the oldest ones that have waited long enough, until what waits takes no more than half. */
        void endOldest(DeliveryConfig config, Instant now) {
            long tooMany = 0;
            long tooManyBytes = 0;
            for (Text text : texts) {
                if (text.waiting()) {
                    tooMany++;
                    tooManyBytes += text.bytes();
                }
            }
            tooMany -= config.heldMax() / 2;
            tooManyBytes -= config.heldMaxBytes() / 2;
            for (Text text : texts.toArray(Text[]::new)) {
                if (tooMany <= 0 && tooManyBytes <= 0 || text.since().isAfter(now.minus(config.heldPatience()))) {
                    return; // they stand in the order they came
                }
                if (text.waiting()) {
                    tooMany--;
                    tooManyBytes -= text.bytes();
                    text.endSaturated();
                }
            }
        }
    }
}
