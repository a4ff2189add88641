package dev.petrel.web;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * So many of something at a time, shared by the tenants. Where there are several, a tenant may take one more only while more
 * are free than it has: so however many it wants, about as many as it has are left for the others. With one that is busy
 * that is half, with two a third each. Used on one event loop.
 */
final class Places {
    private final int most;
    private final BooleanSupplier alone;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    /** @param alone whether there is one tenant only, who then may take all */
    Places(int most, BooleanSupplier alone) {
        this.most = most;
        this.alone = alone;
    }

    /** Takes one, to be left again; false where there is none for this tenant. */
    boolean take(String tenant) {
        int free = most - all;
        int own = taken.getOrDefault(tenant, 0);
        if (free <= 0 || own >= free && !alone.getAsBoolean()) {
            return false;
        }
        taken.put(tenant, own + 1);
        all++;
        return true;
    }

    void leave(String tenant) {
        taken.computeIfPresent(tenant, (who, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
