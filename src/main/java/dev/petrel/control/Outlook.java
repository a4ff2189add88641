package dev.petrel.control;

import dev.petrel.route.RouteConfig;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import dev.petrel.route.RoutePlanner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What an order does, and what would follow from it: which countries it leaves with whom. Worked out from the routes and
 * the orders in force, as this instance knows them; whoever names providers in his request is not in it.
 *
 * <p>Safe for any thread.
 */
public final class Outlook {
    /** Stands for all the countries that no route names. */
    private static final String OTHERS = "*";

    private static final int COUNTRIES_SHOWN = 10;
    private static final String STOPPED =
            " end rejected, class denied, before any further attempt; what a provider took is waited for";

    private final Supplier<RouteConfig> routes;
    private final Orders orders;
    private final Supplier<Set<String>> providers;
    private final Predicate<String> givesReceipts;
    private final Predicate<String> isOpen;

    /**
     * @param providers that this instance has
     * @param givesReceipts whether a provider's receipts come back to us
     * @param isOpen whether a provider's breaker is open here now
     */
    public Outlook(
            Supplier<RouteConfig> routes,
            Orders orders,
            Supplier<Set<String>> providers,
            Predicate<String> givesReceipts,
            Predicate<String> isOpen) {
        this.routes = routes;
        this.orders = orders;
        this.providers = providers;
        this.givesReceipts = givesReceipts;
        this.isOpen = isOpen;
    }

    /** What the order does while it holds, in a sentence. */
    public String does(Order order) {
        if (order instanceof Order.Drain drain) {
            String where = drain.country() == null ? "" : " in " + drain.country();
            return drain.provider() + " gets nothing more" + where
                    + "; what is in flight is told, and what waits goes on elsewhere";
        } else if (order instanceof Order.HoldBreaker held) {
            return held.hold() == Order.Hold.OPEN
                    ? "the breaker of " + held.provider() + " stays open: nothing goes to it"
                    : "the breaker of " + held.provider() + " stays closed: failures and slow calls don't shut it";
        } else if (order instanceof Order.Weights weights) {
            return shares(weights);
        } else if (order instanceof Order.StopCountry stop) {
            return "requests to " + stop.country() + STOPPED;
        } else {
            return "requests of the tenant " + ((Order.StopTenant) order).tenant() + STOPPED;
        }
    }

    private static String shares(Order.Weights order) {
        long all = order.weights().values().stream().mapToLong(weight -> weight).sum();
        List<String> shares = new ArrayList<>();
        order.weights()
                .forEach((provider, weight) -> shares.add(
                        weight == 0
                                ? provider + " is left out"
                                : provider + " " + Math.round(weight * 100.0 / all) + " %"));
        return "in the route " + order.route() + ", of what begins with one of these: " + String.join(", ", shares);
    }

    /** Whether this instance has what the order is about; where it has not, the order does nothing here. */
    public boolean isKnown(Order order) {
        if (order instanceof Order.Drain drain) {
            return providers.get().contains(drain.provider());
        } else if (order instanceof Order.HoldBreaker held) {
            return providers.get().contains(held.provider());
        }
        return !(order instanceof Order.Weights weights) || names().contains(weights.route());
    }

    /** A sentence for each thing that an operator should know before he gives the order. */
    public List<String> follows(Order order, Instant now) {
        List<String> follows = new ArrayList<>();
        if (order.warrant().lifted() == null) {
            orders.of(order.key(), now)
                    .ifPresent(other -> follows.add("it takes the place of an order by "
                            + other.warrant().author() + " that would hold until "
                            + other.warrant().end()));
            follows.addAll(unknown(order));
        } else {
            again(order, now).ifPresent(follows::add);
        }
        follows.addAll(changes(order, now));
        return follows;
    }

    /** What a lifted order lets happen again, beside who is there again. */
    private Optional<String> again(Order lifted, Instant now) {
        if (lifted instanceof Order.StopCountry stop) {
            Set<String> usable = usable(stop.country(), orders, now);
            return Optional.of("requests to " + stop.country() + " are admitted again, at once; "
                    + (usable.isEmpty()
                            ? "they find no provider and end failed, class no_provider"
                            : "they go to " + String.join(" and ", usable)));
        }
        if (lifted instanceof Order.StopTenant stop) {
            return Optional.of("requests of the tenant " + stop.tenant() + " are admitted again, at once");
        }
        if (lifted instanceof Order.HoldBreaker held) {
            return Optional.of("the breaker of " + held.provider() + " is closed, counts anew and decides by itself");
        }
        return lifted instanceof Order.Weights weights
                ? Optional.of("the route " + weights.route() + " goes by its settings again")
                : Optional.empty();
    }

    private List<String> unknown(Order order) {
        List<String> unknown = new ArrayList<>();
        if (order instanceof Order.Drain drain) {
            requireProvider(drain.provider(), unknown);
            if (drain.country() != null) {
                requireRoute(drain.country(), unknown);
            }
        } else if (order instanceof Order.HoldBreaker held) {
            requireProvider(held.provider(), unknown);
        } else if (order instanceof Order.StopCountry stop) {
            requireRoute(stop.country(), unknown);
        } else if (order instanceof Order.Weights weights) {
            Optional<Rule> rule = routes.get().rules().stream()
                    .filter(known -> known.name().equals(weights.route()))
                    .findFirst();
            if (rule.isEmpty()) {
                unknown.add("this instance has no route " + weights.route() + ", and does nothing; its routes are "
                        + String.join(" and ", names()));
            } else {
                Set<String> others = new TreeSet<>(weights.weights().keySet());
                rule.get().choices().forEach(choice -> others.remove(choice.provider()));
                others.forEach(other -> unknown.add(other + " is not in this route: its weight does nothing"));
            }
        }
        return unknown;
    }

    private List<String> names() {
        return routes.get().rules().stream().map(Rule::name).toList();
    }

    private void requireProvider(String provider, List<String> unknown) {
        if (!providers.get().contains(provider)) {
            unknown.add("this instance has no provider " + provider + ", and does nothing; it has "
                    + String.join(", ", new TreeSet<>(providers.get())));
        }
    }

    private void requireRoute(String country, List<String> unknown) {
        if (routes.get().rule(country).isEmpty()) {
            unknown.add("no route leads to " + country);
        }
    }

    /** Countries by what they are left with, where that is another than now. */
    private List<String> changes(Order order, Instant now) {
        Orders after = orders.copy();
        after.apply(order);
        Map<String, Set<String>> areas = new LinkedHashMap<>();
        for (String area : areas(order, now)) {
            if (!after.isCountryStopped(area, now)) {
                Set<String> was = usable(area, orders, now);
                Set<String> is = usable(area, after, now);
                if (!is.equals(was)) {
                    areas.computeIfAbsent(left(was, is), absent -> new LinkedHashSet<>())
                            .add(area);
                }
            }
        }
        List<String> changes = new ArrayList<>();
        areas.forEach((left, of) -> changes.add("this leaves " + shown(of) + " with " + left));
        return changes;
    }

    private Set<String> areas(Order order, Instant now) {
        Set<String> areas = new LinkedHashSet<>();
        for (Rule rule : routes.get().rules()) {
            areas.addAll(rule.countries().isEmpty() ? Set.of(OTHERS) : new TreeSet<>(rule.countries()));
        }
        List<Order> all = new ArrayList<>(orders.inForce(now));
        all.add(order);
        for (Order each : all) {
            if (each instanceof Order.Drain drain && drain.country() != null) {
                areas.add(drain.country());
            }
        }
        return areas;
    }

    private Set<String> usable(String area, Orders view, Instant now) {
        Set<String> usable = new LinkedHashSet<>();
        routes.get().rule(area).ifPresent(rule -> {
            for (Choice choice : RoutePlanner.overruled(rule.choices(), view.weights(rule.name(), now))) {
                String provider = choice.provider();
                if (providers.get().contains(provider)
                        && !view.isDrained(provider, area, now)
                        && view.hold(provider, now) != Order.Hold.OPEN) {
                    usable.add(provider);
                }
            }
        });
        return usable;
    }

    private String left(Set<String> was, Set<String> is) {
        if (is.isEmpty()) {
            return "no provider: requests end failed, class no_provider";
        }
        boolean alone = is.size() == 1;
        StringBuilder left = new StringBuilder(String.join(" and ", is)).append(alone ? " alone" : "");
        if (was.stream().anyMatch(givesReceipts) && is.stream().noneMatch(givesReceipts)) {
            left.append(alone ? ", which gives no receipts" : ", none of which gives receipts");
        }
        if (is.stream().allMatch(isOpen)) {
            left.append(alone ? ", whose breaker is open here now" : ", whose breakers are all open here now");
        }
        return left.toString();
    }

    private String shown(Collection<String> areas) {
        if (routes.get().rules().size() == 1 && areas.equals(Set.of(OTHERS))) {
            return "every country";
        }
        List<String> shown = areas.stream()
                .limit(COUNTRIES_SHOWN)
                .map(area -> area.equals(OTHERS) ? "every other country" : area)
                .toList();
        String more = areas.size() > COUNTRIES_SHOWN ? " and " + (areas.size() - COUNTRIES_SHOWN) + " more" : "";
        return String.join(", ", shown) + more;
    }
}
