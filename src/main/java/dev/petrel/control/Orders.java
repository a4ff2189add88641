package dev.petrel.control;

import dev.petrel.control.Order.Drain;
import dev.petrel.control.Order.Hold;
import dev.petrel.control.Order.HoldBreaker;
import dev.petrel.control.Order.StopCountry;
import dev.petrel.control.Order.StopTenant;
import dev.petrel.control.Order.Weights;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fold of all orders that were read: of each key the last word counts, until its end. Nothing has to happen for an
 * order to end: whoever asks says what time it is.
 *
 * <p>One thread applies; any thread may ask, and each answer is of one moment. Asking costs a look into a map or two, and
 * nothing where there are no orders, for it is asked for each hop of each request.
 */
public final class Orders {
    private volatile Map<String, Order> byKey = Map.of();

    /** Takes the place of what was said of the same thing before. */
    public synchronized void apply(Order order) {
        Map<String, Order> next = new HashMap<>(byKey);
        if (order.warrant().lifted() == null) {
            next.put(order.key(), order);
        } else {
            next.remove(order.key());
        }
        byKey = Map.copyOf(next);
    }

    /** Nothing is known of this thing any more. */
    public synchronized void forget(String key) {
        Map<String, Order> next = new HashMap<>(byKey);
        next.remove(key);
        byKey = Map.copyOf(next);
    }

    /** With a life of its own. */
    public Orders copy() {
        Orders copy = new Orders();
        copy.byKey = byKey;
        return copy;
    }

    /** Those in force, in the order of their keys. */
    public List<Order> inForce(Instant now) {
        return byKey.values().stream()
                .filter(order -> order.warrant().holds(now))
                .sorted(Comparator.comparing(Order::key))
                .toList();
    }

    /** What is in force for this key. */
    public Optional<Order> of(String key, Instant now) {
        Order order = byKey.get(key);
        return order != null && order.warrant().holds(now) ? Optional.of(order) : Optional.empty();
    }

    public boolean isDrained(String provider, String country, Instant now) {
        return !byKey.isEmpty()
                && (of(Drain.key(provider, null), now).isPresent()
                        || of(Drain.key(provider, country), now).isPresent());
    }

    /** How the provider's breaker is held; null: it is not. */
    public @Nullable Hold hold(String provider, Instant now) {
        return !byKey.isEmpty() && of(HoldBreaker.key(provider), now).orElse(null) instanceof HoldBreaker held
                ? held.hold()
                : null;
    }

    /** By provider, what weighs otherwise in this route than the settings say; empty where nothing does. */
    public Map<String, Integer> weights(String route, Instant now) {
        return !byKey.isEmpty() && of("weights/" + route, now).orElse(null) instanceof Weights ordered
                ? ordered.weights()
                : Map.of();
    }

    public boolean isCountryStopped(String country, Instant now) {
        return !byKey.isEmpty() && of("stop-country/" + country, now).orElse(null) instanceof StopCountry;
    }

    /** @param tenant null: of none, which nobody can stop */
    public boolean isTenantStopped(@Nullable String tenant, Instant now) {
        return tenant != null
                && !byKey.isEmpty()
                && of("stop-tenant/" + tenant, now).orElse(null) instanceof StopTenant;
    }
}
