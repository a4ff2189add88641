package dev.petrel.availability;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Whether SMS can be relied on, country by country and for all of them: a fold of what the status topic says of
 * everybody's requests.
 *
 * <p>Measured on the requests made in the last minute, if there are 10, else on the last 10 within 10 minutes: in hand
 * within half a minute for less than 90 of 100, a country is degraded, for less than 50 it is down; it comes back once it
 * has been better for 2 minutes, and from down half way once there were fewer than 10 for 10 minutes. In hand is what was delivered, what a provider took that gives no receipts, and what is
 * {@code enroute} at one that reports no handsets in that country (see {@link Handsets}). Requests that say nothing of
 * SMS don't count: those that were rejected or superseded, and those that failed by their recipient, their content or a
 * block.
 *
 * <p>A request that is undecided is left out at first, and counts as not in hand once it is older than the country's
 * patience: twice as long as 95 of 100 took to come into hand, and from 5 to 30 s. When it comes into hand after all,
 * and in time, it counts so. Waiting the full half minute for each would be simpler, and would tell of an outage half a
 * minute late: where codes take 2 s, silence for 5 s means something.
 *
 * <p>Requests that nobody has begun (see {@link #lag}) count as not in hand.
 *
 * <p>Memory is bounded: at most 20,000 requests of a country are remembered, of more a part that is chosen by a hash of
 * their ids. Not safe for several threads.
 */
public final class Availability {
    /** There are some 250 countries. */
    private static final int MOST_COUNTRIES = 300;

    private final Map<String, Country> countries = new TreeMap<>();
    private final Map<String, Course> courses = new TreeMap<>();
    private long notBegun;

    public void saw(Sighting event) {
        Country country = countries.get(event.country());
        if (country == null && countries.size() < MOST_COUNTRIES) {
            country = new Country();
            countries.put(event.country(), country);
        }
        if (country != null) {
            country.saw(event);
        }
    }

    /**
     * How many requests have waited on their partitions for longer than {@link #patience()}, and nobody has begun them:
     * they count as not in hand for all countries together, and for each of them as large a part as it has of the
     * requests that were measured; all of them for each where none was. Fewer than 10 say too little.
     */
    public void lag(long notBegun) {
        this.notBegun = notBegun < Measure.ENOUGH ? 0 : notBegun;
    }

    /** How long a request may be undecided anywhere. */
    public Duration patience() {
        return Duration.ofMillis(
                countries.values().stream().mapToLong(Country::patience).max().orElse(Tracked.IN_HAND_MILLIS));
    }

    /** Goes on from what an earlier owner has told. */
    public void resume(CountryState told) {
        if (told.country().equals(CountryState.ALL)
                || countries.containsKey(told.country())
                || countries.size() < MOST_COUNTRIES) {
            courses.put(told.country(), new Course(told.state(), told.since()));
            if (!told.country().equals(CountryState.ALL)) {
                countries
                        .computeIfAbsent(told.country(), first -> new Country())
                        .resume(told.handsetsReport());
            }
        }
    }

    /** Of every country that a request went to, and of all together. To be asked every second or so. */
    public List<CountryState> states(Instant now) {
        long millis = now.toEpochMilli();
        List<Judged> everywhere = new ArrayList<>();
        Map<String, Measure> measures = new HashMap<>();
        countries.forEach((name, country) -> {
            List<Judged> judged = country.judge(millis);
            everywhere.addAll(judged);
            measures.put(name, Measure.of(judged, millis));
        });
        long measured = measures.values().stream().mapToLong(Measure::requests).sum();
        List<CountryState> states = new ArrayList<>();
        states.add(state(CountryState.ALL, Measure.of(everywhere, millis).and(notBegun), List.of(), now));
        countries.forEach((name, country) -> {
            Measure measure = Objects.requireNonNull(measures.get(name));
            long part = measured == 0 ? notBegun : Math.round((double) notBegun * measure.requests() / measured);
            states.add(state(name, measure.and(part), country.handsetsReport(), now));
        });
        return states;
    }

    private CountryState state(String name, Measure measure, List<String> handsetsReport, Instant now) {
        Course course = courses.computeIfAbsent(name, first -> new Course(CountryState.State.OK, now));
        course.measured(measure, now);
        return new CountryState(
                name,
                course.state(),
                course.since(),
                measure.seconds(50),
                measure.seconds(95),
                measure.share(),
                measure.requests(),
                course.state().advice(),
                now,
                handsetsReport);
    }
}
