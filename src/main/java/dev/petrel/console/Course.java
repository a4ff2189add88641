package dev.petrel.console;

import dev.petrel.console.Board.Series;
import dev.petrel.message.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last 15 minutes in steps of ten seconds, by the events' own time. */
final class Course {
    static final int STEP_SECONDS = 10;
    static final int STEPS = 90;

    private static final long STEP = STEP_SECONDS * 1000L;

    private final Step[] steps = new Step[STEPS];

    private static final class Step {
        final long number;
        int requests;
        int inHand;
        int failed;
        final Latencies seconds = new Latencies();

        Step(long number) {
            this.number = number;
        }
    }

    void began(long requestedAtMillis) {
        Step step = at(requestedAtMillis);
        if (step != null) {
            step.requests++;
        }
    }

    void ended(Status status, long requestedAtMillis, long atMillis) {
        Step step = at(atMillis);
        if (step == null) {
            return;
        }
        switch (status) {
            case DELIVERED, SUBMITTED -> {
                step.inHand++;
                step.seconds.add(atMillis - requestedAtMillis);
            }
            case FAILED, EXPIRED, UNCONFIRMED -> step.failed++;
            default -> {}
        }
    }

    /** Requests a second, over the three full steps before this instant. */
    double perSecond(long nowMillis) {
        long number = nowMillis / STEP;
        int sum = 0;
        for (int back = 1; back <= 3; back++) {
            Step step = find(number - back);
            sum += step == null ? 0 : step.requests;
        }
        return sum / (3.0 * STEP_SECONDS);
    }

    Series series(long nowMillis) {
        long last = nowMillis / STEP;
        List<Integer> requests = new ArrayList<>();
        List<Integer> inHand = new ArrayList<>();
        List<Integer> failed = new ArrayList<>();
        List<@Nullable Double> p50 = new ArrayList<>();
        List<@Nullable Double> p95 = new ArrayList<>();
        for (long number = last - STEPS + 1; number <= last; number++) {
            Step step = find(number);
            requests.add(step == null ? 0 : step.requests);
            inHand.add(step == null ? 0 : step.inHand);
            failed.add(step == null ? 0 : step.failed);
            p50.add(step == null ? null : step.seconds.seconds(0.5));
            p95.add(step == null ? null : step.seconds.seconds(0.95));
        }
        return new Series(
                STEP_SECONDS, Instant.ofEpochMilli((last - STEPS + 1) * STEP), requests, inHand, failed, p50, p95);
    }

    private @Nullable Step at(long millis) {
        long number = millis / STEP;
        int place = (int) (number % STEPS);
        Step step = steps[place];
        if (step == null || step.number < number) {
            step = new Step(number);
            steps[place] = step;
        }
        return step.number == number ? step : null;
    }

    private @Nullable Step find(long number) {
        Step step = number < 0 ? null : steps[(int) (number % STEPS)];
        return step == null || step.number != number ? null : step;
    }
}
