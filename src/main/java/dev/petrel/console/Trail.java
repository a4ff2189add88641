package dev.petrel.console;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Since when it goes wrong: what spoke for and against within the last 15 minutes, in parts of ten seconds, by the events'
 * own time. So it does not matter when somebody began to look, nor in which order partitions are read; and a failure now
 * and then, of which there are always some, is no beginning.
 */
final class Trail {
    private static final long PART = 10_000;
    private static final int PARTS = 90;

    private final Part[] parts = new Part[PARTS];
    private final double share;
    private boolean anyBad;

    /** @param share of what must be bad for it to go wrong, from 0 to 1 */
    Trail(double share) {
        this.share = share;
    }

    private static final class Part {
        final long number;
        int all;
        int bad;
        long firstBad = Long.MAX_VALUE;
        long lastGood = Long.MIN_VALUE;
        /** Of those that are later than the last good one; exact where events come in their order. */
        long badSinceGood = Long.MAX_VALUE;

        Part(long number) {
            this.number = number;
        }
    }

    void add(boolean isBad, long millis) {
        anyBad |= isBad;
        if (!anyBad) {
            return; // nobody asks when all was well
        }
        long number = millis / PART;
        int place = (int) (number % PARTS);
        Part part = parts[place];
        if (part == null || part.number < number) {
            part = new Part(number);
            parts[place] = part;
        }
        if (part.number == number) {
            count(part, isBad, millis);
        }
    }

    private static void count(Part part, boolean isBad, long millis) {
        part.all++;
        if (!isBad) {
            part.lastGood = Math.max(part.lastGood, millis);
            part.badSinceGood = part.badSinceGood > millis ? part.badSinceGood : Long.MAX_VALUE;
            return;
        }
        part.bad++;
        part.firstBad = Math.min(part.firstBad, millis);
        if (millis >= part.lastGood) {
            part.badSinceGood = Math.min(part.badSinceGood, millis);
        }
    }

    /** Of the latest, as many as are asked for or some more: where codes are rare, a minute holds too few to tell. */
    Latest latest(long nowMillis, int enough) {
        long now = nowMillis / PART;
        int all = 0;
        int bad = 0;
        for (long number = now; number > now - PARTS && number >= 0 && all < enough; number--) {
            Part part = parts[(int) (number % PARTS)];
            if (part != null && part.number == number) {
                all += part.all;
                bad += part.bad;
            }
        }
        return new Latest(all, bad);
    }

    record Latest(int all, int bad) {}

    /** When the stretch began in which so much is bad, and which is not over; null where there is none. */
    @Nullable
    Instant since(long nowMillis) {
        long now = nowMillis / PART;
        long since = Long.MAX_VALUE;
        for (long number = now; number > now - PARTS && number >= 0; number--) {
            Part part = parts[(int) (number % PARTS)];
            if (part == null || part.number != number) {
                continue;
            }
            if (part.bad < share * part.all || part.bad == 0) {
                since = Math.min(since, part.badSinceGood);
                break;
            }
            since = part.firstBad;
        }
        return since == Long.MAX_VALUE ? null : Instant.ofEpochMilli(since);
    }
}
