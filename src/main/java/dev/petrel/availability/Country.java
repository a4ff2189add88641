package dev.petrel.availability;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one country, as many as have to be remembered: those of the last minute, and some before them in case
 * they are few. Beyond {@link #MOST} it keeps those of every second id, then of every fourth, and so on, each standing
 * for as many.
 */
final class Country {
    static final int MOST = 20_000;

    /** A little longer than is measured: the ends of partitions are not read at one time. */
    private static final long KEPT_MILLIS = Measure.RECENT_MILLIS + 10_000;

    private static final int KEPT_BEYOND = 100;
    private static final int MOST_PROVIDERS = 50;
    private static final int LATENCIES = 200;
    private static final long LEAST_PATIENCE_MILLIS = 5_000;

    private final Map<Long, Tracked> byId = new HashMap<>();
    /** The newest first. */
    private final NavigableSet<Tracked> byAge = new TreeSet<>(
            Comparator.comparingLong(Tracked::requestedAt).reversed().thenComparingLong(Tracked::request));

    private final Map<String, Handsets> providers = new TreeMap<>();
    private final long[] latencies = new long[LATENCIES];
    private int inHand;
    private long patience = Tracked.IN_HAND_MILLIS;
    private boolean patienceIsDue;
    private int halvings;

    void saw(Sighting event) {
        Handsets handsets = handsets(event);
        Tracked tracked = tracked(event);
        if (tracked != null) {
            long latency = tracked.saw(event, handsets);
            if (latency >= 0) {
                latencies[inHand++ % LATENCIES] = latency;
                patienceIsDue = true;
            }
            Handsets only = tracked.onlyBy();
            if (event.reason() == ReasonClass.VERIFIED && only != null) {
                only.typed(event.request());
            }
        }
    }

    /** Goes on from what an earlier owner has told. */
    void resume(List<String> handsetsReport) {
        for (String provider : handsetsReport) {
            Handsets handsets = handsets(provider);
            if (handsets != null) {
                handsets.resume();
            }
        }
    }

    /** The providers that do. */
    List<String> handsetsReport() {
        return providers.entrySet().stream()
                .filter(provider -> provider.getValue().reported())
                .map(Map.Entry::getKey)
                .toList();
    }

    private @Nullable Handsets handsets(String provider) {
        return providers.size() < MOST_PROVIDERS
                ? providers.computeIfAbsent(provider, first -> new Handsets())
                : providers.get(provider);
    }

    private @Nullable Handsets handsets(Sighting event) {
        Handsets handsets = event.provider() == null ? null : handsets(event.provider());
        if (handsets == null) {
            return null;
        }
        if (event.status() == Status.SUBMITTED) {
            handsets.submitted(event.request(), event.atMillis());
        } else if (event.receipt() == ReceiptState.DELIVERED) {
            handsets.delivered(event.request());
        }
        return handsets;
    }

    /** Null where it is one of those that are left out. */
    private @Nullable Tracked tracked(Sighting event) {
        Tracked known = byId.get(event.request());
        if (known != null || !isKept(event.request())) {
            return known;
        }
        Tracked tracked = new Tracked(event.request(), event.requestedAtMillis(), 1 << halvings);
        byId.put(event.request(), tracked);
        byAge.add(tracked);
        if (byId.size() > MOST) {
            forget(event.atMillis());
            while (byId.size() > MOST) {
                halve();
            }
        }
        return tracked;
    }

    /** By other bits than a table of hashes looks at first. */
    private boolean isKept(long request) {
        long mixed = (request ^ request >>> 33) * 0xff51afd7ed558ccdL;
        return (mixed >>> 33 & (1L << halvings) - 1) == 0;
    }

    private void halve() {
        halvings++;
        byAge.removeIf(tracked -> !isKept(tracked.request()));
        byId.values().removeIf(tracked -> !isKept(tracked.request()));
        byAge.forEach(tracked -> tracked.weighAtLeast(1 << halvings));
    }

    /** What is no longer measured. */
    private void forget(long now) {
        int beyond = 0;
        Iterator<Tracked> each = byAge.iterator();
        while (each.hasNext()) {
            Tracked tracked = each.next();
            long age = now - tracked.requestedAt();
            if (age > KEPT_MILLIS && (++beyond > KEPT_BEYOND || age > Measure.FEW_MILLIS)) {
                each.remove();
                byId.remove(tracked.request());
            }
        }
        if (halvings > 0 && byId.size() < MOST / 8) {
            halvings--;
        }
    }

    /** Those that say something of SMS now, the newest first. */
    List<Judged> judge(long now) {
        forget(now);
        List<Judged> judged = new ArrayList<>();
        long limit = patience();
        for (Tracked tracked : byAge) {
            Judged one = tracked.judge(now, limit);
            if (one != null) {
                judged.add(one);
            }
        }
        return judged;
    }

    /** How long a request may be undecided, in milliseconds. */
    long patience() {
        if (patienceIsDue) {
            patienceIsDue = false;
            long[] sorted = Arrays.copyOf(latencies, Math.min(inHand, LATENCIES));
            Arrays.sort(sorted);
            long twice = 2 * Measure.percentile(sorted, 95);
            patience = Math.max(LEAST_PATIENCE_MILLIS, Math.min(twice, Tracked.IN_HAND_MILLIS));
        }
        return patience;
    }
}
