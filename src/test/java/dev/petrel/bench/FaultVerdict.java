package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether requests got past a first provider that failed: the last of them that was late was made, by its record's time,
 * at most {@link Limits#noticed} after the fault. Calls of a half-open breaker meet the fault on purpose. They are
 * excepted and counted, as many as a breaker may make; what is beyond those is late like any other. Where the fault met
 * nobody nothing is shown, and where many were late before it, what was late after it is not the fault's.
 *
 * @param requests from the fault on, until some time after its end
 * @param lateBefore made in the calm before the fault, and late all the same
 * @param late of these, half-open calls left out
 * @param lastLateSeconds after the fault, when the last of the late was made; null if none was
 * @param tried made later than the limit, and tried at the failed provider all the same: half-open calls, and those that
 *     found it rested after a throttle
 * @param halfOpenLate late, and excepted
 * @param slowestSeconds to submitted, of those made later than the limit that are not excepted
 * @param doubled taken by two providers, which is no breach where the first left a doubt
 * @param violations of the promises
 * @param shown whether it says anything of the fault
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FaultVerdict(
        String fault,
        int requests,
        int lateBefore,
        int late,
        @Nullable Double lastLateSeconds,
        double limitSeconds,
        int tried,
        int halfOpenLate,
        double slowestSeconds,
        double slowestHalfOpenSeconds,
        long doubled,
        List<String> violations,
        boolean shown,
        boolean held) {

    /**
     * What is asked for.
     *
     * @param prompt a request that takes longer until it is submitted is late
     * @param noticed so long after the fault, at most, the last of them is made
     * @param halfOpenCalls of the breaker, in each of its terms of {@code openFor} at most
     * @param mostLateBefore where more are late before the fault, nothing is shown
     */
    record Limits(Duration prompt, Duration noticed, int halfOpenCalls, Duration openFor, int mostLateBefore) {
        boolean isLate(Duration toSubmitted) {
            return toSubmitted.compareTo(prompt) > 0;
        }
    }

    /**
     * What became of a request.
     *
     * @param tried at the provider that failed, while it did
     */
    record Sent(Instant recordedAt, Duration toSubmitted, boolean tried) {}

    /** @param from when the provider turned to the fault */
    static FaultVerdict of(
            String fault,
            Instant from,
            Limits limits,
            int lateBefore,
            Collection<Sent> requests,
            long doubled,
            List<String> violations) {
        Instant noticed = from.plus(limits.noticed());
        Deque<Instant> halfOpen = new ArrayDeque<>();
        Instant lastLate = null;
        int late = 0;
        int tried = 0;
        int excepted = 0;
        Duration slowest = Duration.ZERO;
        Duration slowestExcepted = Duration.ZERO;
        for (Sent request :
                requests.stream().sorted(Comparator.comparing(Sent::recordedAt)).toList()) {
            boolean after = request.recordedAt().isAfter(noticed);
            boolean isLate = limits.isLate(request.toSubmitted());
            tried += after && request.tried() ? 1 : 0;
            if (isLate && after && request.tried() && mayBeHalfOpen(request.recordedAt(), halfOpen, limits)) {
                excepted++;
                slowestExcepted = longer(slowestExcepted, request.toSubmitted());
                continue;
            }
            if (isLate) {
                late++;
                lastLate = request.recordedAt();
            }
            if (after) {
                slowest = longer(slowest, request.toSubmitted());
            }
        }
        boolean inTime = lastLate == null || !lastLate.isAfter(noticed);
        boolean met = requests.stream().anyMatch(Sent::tried);
        return new FaultVerdict(
                fault,
                requests.size(),
                lateBefore,
                late,
                lastLate == null ? null : seconds(Duration.between(from, lastLate)),
                seconds(limits.noticed()),
                tried,
                excepted,
                seconds(slowest),
                seconds(slowestExcepted),
                doubled,
                List.copyOf(violations),
                lateBefore <= limits.mostLateBefore() || !violations.isEmpty(),
                met && inTime && violations.isEmpty());
    }

    /** @param earlier the last of those that were */
    private static boolean mayBeHalfOpen(Instant recordedAt, Deque<Instant> earlier, Limits limits) {
        while (!earlier.isEmpty() && !earlier.element().plus(limits.openFor()).isAfter(recordedAt)) {
            earlier.remove();
        }
        return earlier.size() < limits.halfOpenCalls() && earlier.add(recordedAt);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    /** In a word: a machine that had no time for the calm before has shown nothing of the fault. */
    String word() {
        return held ? "held" : shown ? "BROKEN" : "NOT SHOWN: late before it";
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "%-20s %8s %11s %5s %15s %7s %9s %10s %8s %10s %7s %10s",
                "fault",
                "requests",
                "late before",
                "late",
                "last late made",
                "limit",
                "tried on",
                "half-open",
                "slowest",
                "half-open",
                "doubled",
                "violations");
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-20s %8d %11d %5d %15s %5.1f s %9d %10d %6.2f s %8.2f s %7d %10d  %s",
                fault,
                requests,
                lateBefore,
                late,
                lastLateSeconds == null ? "-" : String.format(Locale.ROOT, "after %.2f s", lastLateSeconds),
                limitSeconds,
                tried,
                halfOpenLate,
                slowestSeconds,
                slowestHalfOpenSeconds,
                doubled,
                violations.size(),
                word());
    }
}
