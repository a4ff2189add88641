package dev.petrel.delivery;

import java.util.LinkedHashSet;
import java.util.function.IntSupplier;

/**
 * Requests that wait for a receipt and for nothing else: they hold no text any more. Beyond the limit the oldest are ended.
 * Used on one event loop; the count may be read from any thread.
 */
final class Resting {
    private final IntSupplier most;
    private final LinkedHashSet<Walk> walks = new LinkedHashSet<>();
    private volatile int count;

    Resting(IntSupplier most) {
        this.most = most;
    }

    void add(Walk walk) {
        if (walks.add(walk)) {
            count = walks.size();
            if (count > most.getAsInt()) {
                Walk oldest = walks.iterator().next();
                remove(oldest);
                oldest.endUnheard();
            }
        }
    }

    void remove(Walk walk) {
        if (walks.remove(walk)) {
            count = walks.size();
        }
    }

    int count() {
        return count;
    }
}
