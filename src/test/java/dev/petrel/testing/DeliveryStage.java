package dev.petrel.testing;

import dev.petrel.attempt.BreakerConfig;
import dev.petrel.attempt.GuardedProvider;
import dev.petrel.attempt.ProviderConfig;
import dev.petrel.control.Orders;
import dev.petrel.delivery.Delivery;
import dev.petrel.delivery.DeliveryConfig;
import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.delivery.Held;
import dev.petrel.delivery.InFlight;
import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Outcome;
import dev.petrel.delivery.Providers;
import dev.petrel.delivery.ReceiptConfig;
import dev.petrel.delivery.Receiving;
import dev.petrel.delivery.Siblings;
import dev.petrel.delivery.Term;
import dev.petrel.guard.DestinationCheck;
import dev.petrel.guard.ExpiryCheck;
import dev.petrel.guard.Guard;
import dev.petrel.guard.GuardConfig;
import dev.petrel.guard.Tenant;
import dev.petrel.guard.TenantPace;
import dev.petrel.health.DeliveryHealth;
import dev.petrel.journal.Standing;
import dev.petrel.message.NumberType;
import dev.petrel.message.SendRequest;
import dev.petrel.message.StatusEvent;
import dev.petrel.metrics.Meters;
import dev.petrel.route.RouteConfig;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import dev.petrel.route.RoutePlanner;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The real delivery on virtual time, with scripted providers and a sink that remembers. */
public final class DeliveryStage {
    public final ManualTime time = new ManualTime();
    public final RecordingStatusSink sink = new RecordingStatusSink();
    public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** Whether the group has confirmed us lately. */
    public boolean lease = true;

    public final Term term = new Term(0, 1, () -> lease);
    public final Map<String, ScriptedProvider> providers = new LinkedHashMap<>();
    public final Map<String, GuardedProvider> guarded = new LinkedHashMap<>();
    public Siblings siblings = Siblings.NONE;
    public final Orders orders = new Orders();
    public final Held held;
    public final InFlight inFlight;
    public final DeliveryHealth health;
    /** Whether SMS can be relied on, as is told. */
    public boolean countryOk = true;

    /** By provider; may be changed. */
    public final Map<String, ProviderConfig> config = new HashMap<>();

    /** Whether our own public URL answers. */
    public boolean reachable = true;

    public final Delivery delivery;

    /** Two providers, {@code a} before {@code b}, for every country. */
    public static DeliveryStage ab() {
        return new Builder().build();
    }

    public static Builder with() {
        return new Builder();
    }

    private DeliveryStage(Builder builder) {
        Meters meters = new Meters(registry);
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
        for (String id : builder.ids) {
            ScriptedProvider scripted = new ScriptedProvider(id, time);
            if (builder.reporting.contains(id)) {
                scripted.reporting();
            }
            providers.put(id, scripted);
            config.put(id, builder.config(id));
            guarded.put(id, new GuardedProvider(scripted, () -> config.get(id), breakers, time, meters));
        }
        DeliveryConfig limits = builder.delivery();
        RouteConfig routes = new RouteConfig(builder.rules());
        GuardConfig guard = new GuardConfig(
                Set.of(),
                builder.denied,
                Set.of(NumberType.PREMIUM_RATE),
                Map.of("web", new Tenant(Set.of(), Set.of(), builder.tenantPerSecond)));
        held = new Held(() -> limits);
        inFlight = new InFlight(limits::inFlightMax);
        ReceiptConfig receipts = new ReceiptConfig(
                !builder.reporting.isEmpty(), Duration.ofSeconds(20), Duration.ofMinutes(10), builder.maxOpen);
        health = new DeliveryHealth(
                receipts::failoverAfter,
                (provider, country) -> false,
                time,
                meters,
                () -> Future.succeededFuture(reachable));
        delivery = new Delivery(
                () -> limits,
                new Guard(List.of(new ExpiryCheck(), new DestinationCheck(() -> guard)), new TenantPace(() -> guard)),
                new RoutePlanner(() -> routes, route -> orders.weights(route, time.now())),
                new Providers(List.copyOf(guarded.values())),
                sink,
                held,
                inFlight,
                new Receiving(
                        () -> receipts, health, ticket -> URI.create("https://petrel.example/" + ticket.attemptId())),
                country -> countryOk,
                orders,
                time,
                new SplittableRandom(1),
                meters);
        term.activate(0);
    }

    public ScriptedProvider provider(String id) {
        return providers.get(id);
    }

    public Future<Outcome> deliver(SendRequest request) {
        return deliver(request, new Standing(false)).outcome();
    }

    /** Delivers a request from where it stands. */
    public OpenRequest deliver(SendRequest request, Standing standing) {
        return delivery.deliver(request, standing, term, siblings);
    }

    /** Delivers an invented request that lives for five minutes. */
    public Future<Outcome> deliver(String requestId) {
        return deliver(request(requestId, Duration.ofMinutes(5)));
    }

    public SendRequest request(String requestId, Duration life) {
        return Requests.request(requestId, time.now(), life);
    }

    /** @param providers instead of the route; null for the route */
    public SendRequest request(String requestId, Duration life, List<String> providers) {
        return Requests.request(requestId, Requests.US, time.now(), life, null, providers);
    }

    public void advance(Duration duration) {
        time.advance(duration);
    }

    /** What was told, a word for each event: {@code attempt_failed a unavailable}, {@code submitted b}, {@code failed}. */
    public List<String> story(String requestId) {
        List<String> story = new ArrayList<>();
        for (StatusEvent event : sink.eventsOf(requestId)) {
            String words = event.status().wire();
            if (event.attempt() != null) {
                words += " " + event.attempt().provider();
            }
            if (event.reason() != null) {
                words += " " + event.reason().reasonClass().wire();
            }
            story.add(words);
        }
        return story;
    }

    public StatusEvent lastEvent(String requestId) {
        List<StatusEvent> events = sink.eventsOf(requestId);
        return events.get(events.size() - 1);
    }

    public double counter(String name, String... tags) {
        var counter = registry.find(name).tags(tags).counter();
        return counter == null ? 0 : counter.count();
    }

    /** What differs from the defaults. */
    public static final class Builder {
        private List<String> ids = List.of("a", "b");
        private List<Rule> rules = List.of();
        private Set<String> denied = Set.of();
        private OnAmbiguous onAmbiguous = OnAmbiguous.NEXT;
        private int maxCopies = 4;
        private Set<String> reporting = Set.of();
        private int maxOpen = 500_000;
        private int inFlightMax = 2000;
        private int heldMax = 100_000;
        private int maxInFlight = 500;
        private Integer maxPerSecond;
        private Integer tenantPerSecond;

        public Builder providers(String... all) {
            ids = List.of(all);
            return this;
        }

        public Builder rules(Rule... all) {
            rules = List.of(all);
            return this;
        }

        public Builder denied(String country) {
            denied = Set.of(country);
            return this;
        }

        public Builder onAmbiguous(OnAmbiguous value) {
            onAmbiguous = value;
            return this;
        }

        /** Receipts are on, and these give them. */
        public Builder reporting(String... ids) {
            reporting = Set.of(ids);
            return this;
        }

        public Builder maxOpen(int value) {
            maxOpen = value;
            return this;
        }

        public Builder maxCopies(int value) {
            maxCopies = value;
            return this;
        }

        public Builder inFlightMax(int value) {
            inFlightMax = value;
            return this;
        }

        public Builder heldMax(int value) {
            heldMax = value;
            return this;
        }

        public Builder maxInFlight(int value) {
            maxInFlight = value;
            return this;
        }

        public Builder maxPerSecond(int value) {
            maxPerSecond = value;
            return this;
        }

        /** Of the tenant that every invented request has. */
        public Builder tenantPerSecond(int value) {
            tenantPerSecond = value;
            return this;
        }

        public DeliveryStage build() {
            return new DeliveryStage(this);
        }

        private ProviderConfig config(String id) {
            BreakerConfig breaker = new BreakerConfig(
                    "petrel.providers." + id, 50, Duration.ofSeconds(2), 80, 50, 20, Duration.ofSeconds(10), 10);
            return new ProviderConfig(
                    id, Duration.ofSeconds(3), maxInFlight, maxPerSecond, Duration.ofSeconds(1), breaker);
        }

        private DeliveryConfig delivery() {
            return new DeliveryConfig(
                    Duration.ofSeconds(5),
                    maxCopies,
                    onAmbiguous,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(8),
                    inFlightMax,
                    heldMax,
                    32 << 20,
                    Duration.ofSeconds(30));
        }

        private List<Rule> rules() {
            if (!rules.isEmpty()) {
                return rules;
            }
            List<Choice> choices = new ArrayList<>();
            for (String id : ids) {
                choices.add(new Choice(id, choices.size() + 1, 1));
            }
            return List.of(new Rule(Set.of(), choices));
        }
    }
}
