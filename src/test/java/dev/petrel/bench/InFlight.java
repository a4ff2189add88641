package dev.petrel.bench;

import dev.petrel.bench.Sendings.Times;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.RequestStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long it takes until a request is submitted while few or many are with a provider that is slow: requests come at a
 * steady rate that keeps so many there. What is beyond the provider's own time should not depend on their number.
 */
final class InFlight {
    static final int LOWEST = 100;
    static final int HIGHEST = 10_000;
    /** The highest level holds 195 MB: of 256 MB, as the others have, old space would be too small a part for it. */
    static final String HEAP = "512m";

    /** Up and down again: what is only a matter of warmth differs between two of the same. */
    private static final List<Integer> LEVELS = List.of(LOWEST, 1_000, HIGHEST, 1_000, LOWEST);

    /** As the provider takes; the gateway waits for one second longer. */
    private static final int LATENCY_MILLIS = 3_000;
    /** Connections are opened, and what that has left behind is caught up with. */
    private static final int SETTLE_MILLIS = 5 * LATENCY_MILLIS;

    /** By so much of its aim may a level be off: else it shows nothing of that level. */
    private static final double NEAR = 0.1;

    private static final String REQUESTS = "in-flight-requests";
    private static final String STATUS = "in-flight-status";
    private static final int WARM_UP_RATE = 1_000;
    private static final int WARM_UP_SECONDS = 15;
    private static final int PATIENCE_SECONDS = 30;
    private static final int STARTING_SECONDS = 10;

    private final Stage stage;
    private final Watchdog watchdog;
    private final VariantProcess process;
    private final int seconds;

    /**
     * At one level.
     *
     * @param aim of the requests with the provider
     * @param waiting so many were, half-way through
     * @param requests that were recorded in the time
     * @param submitted of these
     * @param medianMillis from the request's record to that of its {@code submitted}, beyond the provider's own time; so are
     *     those that follow
     * @param heapBytes what is left of the heap after a collection, while they wait
     */
    record Level(
            int aim,
            int waiting,
            double perSecond,
            int requests,
            int submitted,
            long medianMillis,
            long p95Millis,
            long p99Millis,
            long worstMillis,
            double cpuMicros,
            long heapBytes,
            long residentBytes,
            int threads) {
        /** Whether about as many were waiting as it aims at. With more, something had piled up. */
        boolean atAim() {
            return Math.abs(waiting - aim) <= NEAR * aim;
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%6d in flight (%d at %.0f/s): 50 %% %d ms, 95 %% %d ms, 99 %% %d ms, all %d ms, of %d of %d;"
                            + " %.0f us of CPU a request, %.0f MB heap, %.0f MB in all, %d threads%s",
                    aim,
                    waiting,
                    perSecond,
                    medianMillis,
                    p95Millis,
                    p99Millis,
                    worstMillis,
                    submitted,
                    requests,
                    cpuMicros,
                    heapBytes / 1e6,
                    residentBytes / 1e6,
                    threads,
                    (atAim() ? "" : " [NOT AT ITS AIM]") + (submitted == requests ? "" : " [NOT ALL SUBMITTED]"));
        }
    }

    /** @param levels in their order, up and down again */
    record Result(int latencyMillis, String heap, int seconds, List<Level> levels) {}

    /** @param seconds a level is looked at */
    InFlight(Stage stage, Watchdog watchdog, int seconds) throws IOException {
        this.stage = stage;
        this.watchdog = watchdog;
        this.seconds = seconds;
        this.process = new VariantProcess(Variant.PATIENT, HEAP);
    }

    static int reckonedSeconds(int seconds) {
        return STARTING_SECONDS
                + WARM_UP_SECONDS
                + LEVELS.size() * ((SETTLE_MILLIS + 2 * LATENCY_MILLIS) / 1000 + seconds);
    }

    Result run() throws Exception {
        watchdog.allow(180, "starting what is slow");
        say(
                "%nProviders that take %d ms, and a gateway with %s of heap: to submitted, beyond those",
                LATENCY_MILLIS, HEAP);
        stage.create(REQUESTS);
        stage.create(STATUS);
        Place place = stage.place(REQUESTS, STATUS, HIGHEST);
        process.start(place);
        List<Level> levels = new ArrayList<>();
        try (Sendings sendings = new Sendings(place.bootstrapServers(), STATUS)) {
            stage.behave("{\"mode\": \"healthy\"}");
            warmUp(place, sendings);
            stage.behave("{\"mode\": \"healthy\", \"latency\": {\"ms\": %d}}".formatted(LATENCY_MILLIS));
            for (int aim : LEVELS) {
                Level level = level(place, aim, levels.size() + 1, sendings);
                say("%s", level.line());
                levels.add(level);
            }
        }
        process.stop();
        process.close();
        return new Result(LATENCY_MILLIS, HEAP, seconds, levels);
    }

    private static void warmUp(Place place, Sendings sendings) throws InterruptedException {
        try (RequestStream requests = new RequestStream(place.bootstrapServers(), REQUESTS, "warm-")) {
            requests.start(WARM_UP_RATE);
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            requests.pause();
            requests.flush();
            awaitSubmitted(requests.asked(), sendings);
        }
    }

    private Level level(Place place, int aim, int number, Sendings sendings) throws Exception {
        double perSecond = aim * 1e3 / LATENCY_MILLIS;
        watchdog.allow(
                2 * PATIENCE_SECONDS + 4 * (LATENCY_MILLIS / 1000 + seconds) + SETTLE_MILLIS / 1000,
                aim + " in flight");
        try (RequestStream requests =
                new RequestStream(place.bootstrapServers(), REQUESTS, "in-flight-" + number + "-")) {
            requests.start((int) perSecond);
            TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
            Instant from = Instant.now();
            process.begin();
            TimeUnit.MILLISECONDS.sleep(seconds * 500L);
            int waiting = stage.waiting();
            TimeUnit.MILLISECONDS.sleep(seconds * 500L);
            Instant to = Instant.now();
            Cost.Spent spent = process.end();
            TimeUnit.MILLISECONDS.sleep(LATENCY_MILLIS);
            requests.flush();
            List<Asked> asked = requests.asked().stream()
                    .filter(request -> !request.recordedAt().isBefore(from)
                            && request.recordedAt().isBefore(to))
                    .toList();
            awaitSubmitted(asked, sendings); // before the gateway is stopped for its weight; others wait meanwhile
            Footprint footprint = process.weigh();
            requests.pause();
            requests.flush();
            awaitSubmitted(requests.asked(), sendings); // those around the window would take part in the next level
            Times times = sendings.toSubmitted(asked);
            if (times.count() == 0) {
                throw new IllegalStateException("none was submitted with " + aim + " in flight");
            }
            return new Level(
                    aim,
                    waiting,
                    asked.size() / (double) seconds,
                    asked.size(),
                    times.count(),
                    times.within(0.50) - LATENCY_MILLIS,
                    times.within(0.95) - LATENCY_MILLIS,
                    times.within(0.99) - LATENCY_MILLIS,
                    times.worst() - LATENCY_MILLIS,
                    spent.cpuNanos() / 1e3 / asked.size(),
                    footprint.heapBytes(),
                    footprint.residentBytes(),
                    footprint.threads());
        }
    }

    /** Waits until all of these are submitted, or says how many are not. */
    private static void awaitSubmitted(List<Asked> asked, Sendings sendings) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!sendings.allSubmitted(asked)) {
            if (System.nanoTime() - until > 0) {
                say(
                        "%d of %d were not submitted",
                        asked.size() - sendings.toSubmitted(asked).count(), asked.size());
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
