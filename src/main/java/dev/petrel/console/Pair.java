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
    /** Breakers bear this, and whoever pays for second copies should know. */
    private static final double FIFTH = 0.2;

    private static final double ONE_IN_TWENTY = 0.05;
    private static final long SKIPPED_LATELY = Duration.ofSeconds(30).toMillis();
    private static final long RARELY = Duration.ofMinutes(3).toMillis();
    /** The default of what a breaker takes for slow. */
    private static final double SLOW_ANSWER_SECONDS = 2;

    /** From its yes: what happened before is not of its making. */
    private static final double SLOW_UNDERWAY_SECONDS = 30;

    final String provider;
    final String country;
    private final Minute minute = new Minute();
    private final Trail failing = new Trail(FIFTH);
    private final Trail losing = new Trail(HALF);
    private final Trail slow = new Trail(ONE_IN_TWENTY);
    private long lastUsed;
    private long lastAttempt;
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
        lastAttempt = Math.max(lastAttempt, atMillis);
        boolean accepted = result == SubmitResult.Kind.ACCEPTED;
        failing.add(!accepted && reason != null && Reasons.against(reason), atMillis);
        slow.add(tookMillis > SLOW_ANSWER_SECONDS * 1000, atMillis);
        if (accepted && atMillis >= lastSkipped) {
            takenSinceSkipped++;
        }
        Counts counts = minute.at(atMillis);
        if (counts == null) {
            return;
        }
        counts.attempts++;
        counts.answers.add(tookMillis);
        if (accepted) {
            counts.taken++;
        } else if (reason != null) {
            counts.refused[reason.ordinal()]++;
        }
    }

    /**
     * @param reason why it says no; null where it does not, or names none
     * @param takenAtMillis when the provider took it; null: not known
     */
    void receipt(
            ReceiptState state,
            @Nullable ReasonClass reason,
            long requestedAtMillis,
            @Nullable Long takenAtMillis,
            long atMillis) {
        boolean delivered = state == ReceiptState.DELIVERED;
        if (!delivered && !state.bad()) {
            return;
        }
        boolean lost = !delivered && Reasons.againstDelivery(reason);
        if (delivered || lost) {
            losing.add(lost, atMillis);
        }
        Counts counts = minute.at(atMillis);
        if (counts == null) {
            return;
        }
        if (delivered) {
            counts.delivered++;
            counts.inHand.add(atMillis - requestedAtMillis);
            if (takenAtMillis != null) {
                slow.add(atMillis - takenAtMillis > SLOW_UNDERWAY_SECONDS * 1000, atMillis);
                counts.underway.add(atMillis - takenAtMillis);
            }
        } else if (lost) {
            counts.lost++;
        } else {
            counts.unreached++;
        }
    }

    /** @param takenAtMillis when the provider took it */
    void silent(long takenAtMillis, long atMillis) {
        losing.add(true, takenAtMillis);
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
     * @param deaf whether nobody's receipts come: then silence says nothing of one
     */
    Cell cell(Instant now, int takenInCountry, List<Board.Decision> decisions, boolean deaf) {
        long millis = now.toEpochMilli();
        Counts counts = minute.sum(millis);
        SkipReason out = takenSinceSkipped < ENOUGH && millis - lastSkipped <= SKIPPED_LATELY ? skipped : null;
        Counts judged = judged(counts, millis);
        Health is = health(judged, out, deaf);
        String rarely = is == Health.QUIET ? failsRarely(millis) : "";
        is = rarely.isEmpty() ? is : Health.FAILING;
        if (is != health) {
            health = is;
            since = null;
        }
        since = earlier(since, begun(is, out, decisions, millis));
        return new Cell(
                provider,
                country,
                is,
                rarely.isEmpty() ? words(is, judged, out, deaf) : rarely,
                is == Health.FAILING ? judged.mostly() : null,
                counts.attempts,
                counts.taken,
                counts.delivered + counts.lost + counts.silent + counts.unreached > 0,
                counts.delivered,
                counts.lost + counts.silent + counts.unreached,
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

    /** What is to be said of one that is asked now and then, and does not take it; empty: nothing. */
    private String failsRarely(long millis) {
        if (millis - lastAttempt > RARELY) {
            return "";
        }
        Trail.Latest latest = failing.latest(millis, ENOUGH);
        return latest.all() >= ENOUGH && latest.bad() >= HALF * latest.all()
                ? latest.bad() + " of the latest " + latest.all() + " not taken"
                : "";
    }

    private @Nullable Instant begun(
            Health is, @Nullable SkipReason out, List<Board.Decision> decisions, long nowMillis) {
        Instant passedOver = out == null ? null : decided(out, decisions);
        return switch (is) {
            case FAILING -> earlier(failing.since(nowMillis), passedOver);
            case SILENT -> earlier(losing.since(nowMillis), passedOver);
            case SLOW -> slow.since(nowMillis);
            case OUT -> passedOver;
            case OK, QUIET -> null;
        };
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private @Nullable Instant decided(SkipReason why, List<Board.Decision> decisions) {
        return decisions.stream()
                .filter(each -> !each.over()
                        && provider.equals(each.from())
                        && country.equals(each.country())
                        && why.wire().equals(each.why()))
                .map(Board.Decision::at)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static Health health(Counts counts, @Nullable SkipReason out, boolean deaf) {
        if (out == SkipReason.BREAKER_OPEN) {
            return Health.FAILING;
        } else if (out == SkipReason.NOT_DELIVERING) {
            return Health.SILENT;
        } else if (out != null && (out.ordered() || out == SkipReason.RESTING)) {
            return Health.OUT;
        } else if (counts.attempts >= ENOUGH
                && counts.failed() >= (counts.attempts < MUCH ? HALF : FIFTH) * counts.attempts) {
            return Health.FAILING;
        }
        int gone = counts.lost + (deaf ? 0 : counts.silent);
        if (gone + counts.delivered >= ENOUGH && gone >= HALF * (gone + counts.delivered)) {
            return Health.SILENT;
        } else if (counts.attempts < ENOUGH) {
            return Health.QUIET;
        }
        return over(counts.answers, SLOW_ANSWER_SECONDS) || over(counts.underway, SLOW_UNDERWAY_SECONDS)
                ? Health.SLOW
                : Health.OK;
    }

    /** Of a few, one is no 95th percentile: a handset that was off makes no provider slow. */
    private static boolean over(Latencies latencies, double limit) {
        Double seconds = latencies.seconds(0.95);
        return seconds != null && latencies.count() >= MUCH && seconds > limit;
    }

    private static String words(Health is, Counts counts, @Nullable SkipReason out, boolean deaf) {
        return switch (is) {
            case QUIET -> "few codes";
            case OK -> well(counts, deaf);
            case SLOW -> over(counts.answers, SLOW_ANSWER_SECONDS) ? "answers late" : "arrives late";
            case OUT -> out == null ? "" : Reasons.of(out);
            case SILENT -> joined(out, Reasons.losses(counts));
            case FAILING -> joined(out, Reasons.failures(counts));
        };
    }

    private static String well(Counts counts, boolean deaf) {
        String refusals = Reasons.refusals(counts);
        if (!refusals.isEmpty()) {
            return refusals;
        }
        return deaf && counts.silent > 0 ? "takes them; nobody's receipts come" : "well";
    }

    private static String joined(@Nullable SkipReason out, String counted) {
        if (out == null) {
            return counted;
        }
        return counted.isEmpty() ? Reasons.of(out) : Reasons.of(out) + ": " + counted;
    }
}
