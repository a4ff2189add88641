package dev.petrel.kafka;

import dev.petrel.availability.CountryState;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * What was told of availability, on the instance that tells it. Elsewhere, and where nothing could be written for a
 * while, there is no number: the values of two instances must not contradict each other.
 */
final class AvailabilityGauges {
    private static final long FRESH = Duration.ofSeconds(15).toNanos();

    private final Time time;
    private final Meters meters;
    private final Map<String, Told> told = new ConcurrentHashMap<>();

    /** @param at monotonic */
    private record Told(CountryState state, long at, boolean over) {}

    AvailabilityGauges(Time time, Meters meters) {
        this.time = time;
        this.meters = meters;
        register(CountryState.ALL);
    }

    /** It is on the topic. */
    void told(CountryState state) {
        if (told.put(state.country(), new Told(state, time.nanos(), false)) == null
                && !state.country().equals(CountryState.ALL)) {
            register(state.country());
        }
    }

    /** Somebody else speaks now. */
    void over() {
        told.replaceAll((country, last) -> new Told(last.state(), last.at(), true));
    }

    private void register(String country) {
        meters.gauge(
                "petrel.availability.state",
                "What is told of a country, * being all: 0 ok, 1 degraded, 2 down; on the instance that tells it",
                null,
                () -> value(country, state -> state.state().ordinal()),
                "country",
                country);
        meters.gauge(
                "petrel.availability.in.hand.ratio",
                "Part of the latest requests that were in hand in time; on the instance that tells it",
                null,
                () -> value(country, state -> state.inHandShare() == null ? Double.NaN : state.inHandShare()),
                "country",
                country);
    }

    private double value(String country, ToDoubleFunction<CountryState> of) {
        Told last = told.get(country);
        return last == null || last.over() || time.nanos() - last.at() > FRESH
                ? Double.NaN
                : of.applyAsDouble(last.state());
    }
}
