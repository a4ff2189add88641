package dev.petrel.control;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decided. Two orders of one {@link #key()} are about the same thing: the later one counts.
 *
 * <p>An order may name what this instance does not know, a provider that others have; it is kept and does nothing here.
 */
public sealed interface Order {
    Pattern PROVIDER = Pattern.compile("(?=.*[a-z]|.{1,6}$)[a-z0-9-]{1,32}");
    Pattern COUNTRY = Pattern.compile("[A-Z]{2}|001");
    Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,32}");

    /** The name of the route without countries. */
    String EVERY_COUNTRY = "*";

    int HEAVIEST = 1_000_000;
    int MOST_WEIGHTS = 64;

    /** The names in lower case, with hyphens, are the words on the wire and the beginnings of keys. */
    enum Kind {
        DRAIN,
        BREAKER,
        WEIGHTS,
        STOP_COUNTRY,
        STOP_TENANT;

        public String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How a breaker is held. */
    enum Hold {
        OPEN,
        CLOSED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A key as it is kept: the countries of a route in their order. */
    static String keyAsKept(String key) {
        String prefix = "weights/";
        return key.startsWith(prefix) ? prefix + routeName(key.substring(prefix.length())) : key;
    }

    Kind kind();

    /** What it is about. */
    String key();

    Warrant warrant();

    /** The same order, ended before its time. */
    Order lifted(Warrant.Lifting by);

    /**
     * A provider gets nothing more; what is in flight at it is told, and what waits goes elsewhere.
     *
     * @param country null: everywhere
     */
    record Drain(String provider, @Nullable String country, Warrant warrant) implements Order {
        public Drain {
            requireProvider("provider", provider);
            if (country != null) {
                requireCountry(country);
            }
        }

        @Override
        public Kind kind() {
            return Kind.DRAIN;
        }

        @Override
        public String key() {
            return key(provider, country);
        }

        static String key(String provider, @Nullable String country) {
            return "drain/" + provider + (country == null ? "" : "/" + country);
        }

        @Override
        public Order lifted(Warrant.Lifting by) {
            return new Drain(provider, country, warrant.lift(by));
        }
    }

    /** A provider's breaker stays open, or closed, whatever its calls come to. */
    record HoldBreaker(String provider, Hold hold, Warrant warrant) implements Order {
        public HoldBreaker {
            requireProvider("provider", provider);
        }

        @Override
        public Kind kind() {
            return Kind.BREAKER;
        }

        @Override
        public String key() {
            return key(provider);
        }

        static String key(String provider) {
            return "breaker/" + provider;
        }

        @Override
        public Order lifted(Warrant.Lifting by) {
            return new HoldBreaker(provider, hold, warrant.lift(by));
        }
    }

    /**
     * Other weights in a route than those of the settings. The providers named share what begins there among each other,
     * whatever their priorities; 0 leaves one out; who is not named stays as the settings say.
     *
     * @param route its countries, sorted and joined by commas, or {@value #EVERY_COUNTRY}; another order is put right
     */
    record Weights(String route, Map<String, Integer> weights, Warrant warrant) implements Order {
        public Weights {
            route = routeName(route);
            if (weights.isEmpty() || weights.size() > MOST_WEIGHTS) {
                throw new InvalidOrder(
                        "weights", "a weight for at least one provider, and for at most " + MOST_WEIGHTS);
            }
            weights.forEach((provider, weight) -> {
                requireProvider("weights", provider);
                if (weight < 0 || weight > HEAVIEST) {
                    throw new InvalidOrder("weights", "whole numbers from 0 to " + HEAVIEST);
                }
            });
            weights = Collections.unmodifiableMap(new TreeMap<>(weights));
        }

        @Override
        public Kind kind() {
            return Kind.WEIGHTS;
        }

        @Override
        public String key() {
            return "weights/" + route;
        }

        @Override
        public Order lifted(Warrant.Lifting by) {
            return new Weights(route, weights, warrant.lift(by));
        }
    }

    /** Nothing more is sent to a country. */
    record StopCountry(String country, Warrant warrant) implements Order {
        public StopCountry {
            requireCountry(country);
        }

        @Override
        public Kind kind() {
            return Kind.STOP_COUNTRY;
        }

        @Override
        public String key() {
            return "stop-country/" + country;
        }

        @Override
        public Order lifted(Warrant.Lifting by) {
            return new StopCountry(country, warrant.lift(by));
        }
    }

    /** Nothing more is sent for a tenant. */
    record StopTenant(String tenant, Warrant warrant) implements Order {
        public StopTenant {
            require(TENANT, "tenant", tenant, "1 to 32 of a-z 0-9 _ -");
        }

        @Override
        public Kind kind() {
            return Kind.STOP_TENANT;
        }

        @Override
        public String key() {
            return "stop-tenant/" + tenant;
        }

        @Override
        public Order lifted(Warrant.Lifting by) {
            return new StopTenant(tenant, warrant.lift(by));
        }
    }

    /** @throws InvalidOrder if it names no countries */
    private static String routeName(String route) {
        if (route.equals(EVERY_COUNTRY)) {
            return route;
        }
        TreeSet<String> countries = new TreeSet<>();
        for (String country : route.split(",", -1)) {
            if (!COUNTRY.matcher(country.strip()).matches()) {
                throw new InvalidOrder("route", "its countries, joined by commas, or * for the one without countries");
            }
            countries.add(country.strip());
        }
        return String.join(",", countries);
    }

    /** @throws InvalidOrder also where somebody has put a subscriber's number there: it would be shown to everybody (P6) */
    private static void requireProvider(String field, String provider) {
        require(PROVIDER, field, provider, "the id of a provider: 1 to 32 of a-z 0-9 -, with a letter");
    }

    private static void requireCountry(String country) {
        require(COUNTRY, "country", country, "an ISO 3166 code of two capital letters, for example US");
    }

    private static void require(Pattern rule, String field, String value, String allowed) {
        if (!rule.matcher(value).matches()) {
            throw new InvalidOrder(field, allowed);
        }
    }
}
