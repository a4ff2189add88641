package dev.petrel.console;

import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Health;
import dev.petrel.console.Minute.Counts;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SkipReason;
import dev.petrel.message.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A provider in a country: what came to pass there, and how well it does. */
final class Pair {
    /** Fewer say too little. */
    static final int ENOUGH = 5;

    private static final int MUCH = 20;
    private static final double HALF = 0.5;
    private static final long SKIPPED_LATELY = Duration.ofSeconds(30).toMillis();
    /** The default of what a breaker takes for slow. */
    private static final double SLOW_ANSWER_SECONDS = 2;

    private static final double SLOW_IN_HAND_SECONDS = 30;

    final String provider;
    final String country;
    private final Minute minute = new Minute();
    private long lastUsed;
    private long lastSkipped = Long.MIN_VALUE;
    private @Nullable SkipReason skipped;
    private int takenSinceSkipped;
    private Health health = Health.QUIET;
    private @Nullable Instant since;

    Pair(String provider, String country) {
        this.provider = provider;
        this.country = country;
    }

    void attempted(SubmitResult.Kind result, @Nullable ReasonClass reason, long tookMillis, long atMillis) {
        lastUsed = Math.max(lastUsed, atMillis);
        Counts counts = minute.at(atMillis);
        if (counts == null) {
            return;
        }
        counts.attempts++;
        counts.answers.add(tookMillis);
        if (result == SubmitResult.Kind.ACCEPTED) {
            counts.taken++;
            takenSinceSkipped++;
        } else if (reason != null && Reasons.against(reason)) {
            counts.against[reason.ordinal()]++;
        }
    }

    void receipt(ReceiptState state, long requestedAtMillis, long atMillis) {
        Counts counts = minute.at(atMillis);
        if (counts == null) {
            return;
        }
        if (state == ReceiptState.DELIVERED) {
            counts.delivered++;
            counts.inHand.add(atMillis - requestedAtMillis);
        } else if (state.bad()) {
            counts.lost++;
        }
    }

    void silent(long atMillis) {
        Counts counts = minute.at(atMillis);
        if (counts != null) {
            counts.silent++;
        }
    }

    void skipped(SkipReason reason, long atMillis) {
        if (atMillis >= lastSkipped) {
            lastSkipped = atMillis;
            skipped = reason;
            takenSinceSkipped = 0;
        }
        lastUsed = Math.max(lastUsed, atMillis);
    }

    boolean usedSince(Instant oldest) {
        return lastUsed >= oldest.toEpochMilli();
    }

    void addTo(Counts sum, long nowMillis) {
        minute.addTo(sum, nowMillis);
    }

    int taken(long nowMillis) {
        return minute.sum(nowMillis).taken;
    }

    /**
     * @param takenInCountry by all providers
     * @param decisions that are not over; to tell since when
     */
    Cell cell(Instant now, int takenInCountry, List<Board.Decision> decisions) {
        long millis = now.toEpochMilli();
        Counts counts = minute.sum(millis);
        SkipReason out = takenSinceSkipped < ENOUGH && millis - lastSkipped <= SKIPPED_LATELY ? skipped : null;
        Counts judged = judged(counts, millis);
        Health is = health(judged, out);
        if (is != health) {
            health = is;
            since = is == Health.OK || is == Health.QUIET ? null : decided(decisions, now);
        }
        return new Cell(
                provider,
                country,
                is,
                words(is, judged, out),
                counts.attempts,
                counts.taken,
                counts.delivered + counts.lost + counts.silent > 0,
                counts.delivered,
                counts.lost + counts.silent,
                counts.answers.seconds(0.5),
                counts.answers.seconds(0.95),
                counts.inHand.seconds(0.5),
                counts.inHand.seconds(0.95),
                takenInCountry == 0 ? null : (double) counts.taken / takenInCountry,
                since);
    }

    /** Where much goes on, the last seconds say more: nobody should wait a minute to see that a provider is well again. */
    private Counts judged(Counts counts, long millis) {
        Counts lately = minute.lately(millis);
        return lately.attempts >= MUCH ? lately : counts;
    }

    private Instant decided(List<Board.Decision> decisions, Instant now) {
        return decisions.stream()
                .filter(each -> !each.over() && provider.equals(each.from()) && country.equals(each.country()))
                .map(Board.Decision::at)
                .min(Instant::compareTo)
                .orElse(now);
    }

    private static Health health(Counts counts, @Nullable SkipReason out) {
        if (out == SkipReason.BREAKER_OPEN) {
            return Health.FAILING;
        } else if (out == SkipReason.NOT_DELIVERING) {
            return Health.SILENT;
        } else if (out != null && (out.ordered() || out == SkipReason.RESTING)) {
            return Health.OUT;
        } else if (counts.attempts >= ENOUGH && counts.failed() >= HALF * counts.attempts) {
            return Health.FAILING;
        } else if (counts.delivered + counts.lost + counts.silent >= ENOUGH && counts.lostShare() >= HALF) {
            return Health.SILENT;
        } else if (counts.attempts < ENOUGH) {
            return Health.QUIET;
        }
        return over(counts.answers, SLOW_ANSWER_SECONDS) || over(counts.inHand, SLOW_IN_HAND_SECONDS)
                ? Health.SLOW
                : Health.OK;
    }

    private static boolean over(Latencies latencies, double limit) {
        Double seconds = latencies.seconds(0.95);
        return seconds != null && seconds > limit;
    }

    private static String words(Health is, Counts counts, @Nullable SkipReason out) {
        return switch (is) {
            case QUIET -> "few codes";
            case OK -> "well";
            case SLOW -> over(counts.answers, SLOW_ANSWER_SECONDS) ? "answers late" : "arrives late";
            case OUT -> out == null ? "" : Reasons.of(out);
            case SILENT -> joined(out, Reasons.losses(counts));
            case FAILING -> joined(out, Reasons.failures(counts));
        };
    }

    private static String joined(@Nullable SkipReason out, String counted) {
        if (out == null) {
            return counted;
        }
        return counted.isEmpty() ? Reasons.of(out) : Reasons.of(out) + ": " + counted;
    }
}
