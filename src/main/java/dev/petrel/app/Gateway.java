package dev.petrel.app;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.attempt.ProviderConfig;
import dev.petrel.control.Orders;
import dev.petrel.delivery.Delivery;
import dev.petrel.delivery.Held;
import dev.petrel.delivery.InFlight;
import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Providers;
import dev.petrel.delivery.ReceiptConfig;
import dev.petrel.delivery.Receiving;
import dev.petrel.delivery.Siblings;
import dev.petrel.delivery.StatusSink;
import dev.petrel.delivery.Term;
import dev.petrel.guard.DestinationCheck;
import dev.petrel.guard.ExpiryCheck;
import dev.petrel.guard.Guard;
import dev.petrel.guard.TenantCheck;
import dev.petrel.guard.TenantPace;
import dev.petrel.health.DeliveryHealth;
import dev.petrel.journal.Standing;
import dev.petrel.kafka.AvailabilityReader;
import dev.petrel.kafka.Backpressure;
import dev.petrel.kafka.DeadLetters;
import dev.petrel.kafka.GroupSession;
import dev.petrel.kafka.InstancePublisher;
import dev.petrel.kafka.KafkaClients;
import dev.petrel.kafka.KafkaReceiptSink;
import dev.petrel.kafka.KafkaStatusSink;
import dev.petrel.kafka.RequestIntake;
import dev.petrel.kafka.TopicCheck;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.SendRequest;
import dev.petrel.metrics.Meters;
import dev.petrel.metrics.ProcessMeters;
import dev.petrel.provider.ReceiptReader;
import dev.petrel.provider.SmsProvider;
import dev.petrel.provider.sns.SnsProvider;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.provider.twilio.TwilioProvider;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.receipt.CallbackUrls;
import dev.petrel.route.RoutePlanner;
import dev.petrel.telemetry.OpenTelemetryTracing;
import dev.petrel.telemetry.Tracing;
import dev.petrel.time.Time;
import dev.petrel.time.VertxTime;
import dev.petrel.web.AdminTokens;
import dev.petrel.web.ConsolePage;
import dev.petrel.web.ManagementServer;
import dev.petrel.web.PublicUrl;
import dev.petrel.web.PublicUrlWatch;
import dev.petrel.web.ReceiptWebhook;
import dev.petrel.web.WebServer;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: everything is built here, from the bottom package up, and started and stopped here, the stop
 * walking the same list backwards. The whole of the delivery lives on one event loop, that of {@link Core}; the
 * management port has another, and the web port a third.
 */
public final class Gateway {
    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final Duration RELIEF = Duration.ofSeconds(1);
    private static final Duration LOOK_AT_SETTINGS = Duration.ofSeconds(2);
    private static final Duration RECEIPTS_LEFT = Duration.ofSeconds(4);

    private final Settings settings;
    private final LiveSettings live;
    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Promise<Throwable> failed = Promise.promise();
    /** What is to be stopped, the latest first. */
    private final Deque<Supplier<Future<?>>> running = new ConcurrentLinkedDeque<>();

    private final Orders orders = new Orders();
    private final Tracing tracing;
    private final ManagementServer management;
    private final AdminTokens admins;
    private volatile boolean kafkaFits;
    private volatile boolean ordersRead;
    private volatile @Nullable RequestIntake intake;
    private volatile int webPort;
    private @Nullable Future<Void> stopped;

    private Gateway(Settings settings, Supplier<Settings> file) {
        this.settings = settings;
        this.live = new LiveSettings(settings, file, meters);
        this.tracing = OpenTelemetryTracing.by(
                settings.tracing(),
                settings.kafka().instanceId(),
                new SplittableRandom(new SecureRandom().nextLong()),
                meters);
        this.management = new ManagementServer(vertx, settings.management(), registry, this::readiness);
        this.admins = new AdminTokens(() -> live.get().management().tokens(), meters);
    }

    /** Succeeds when it has begun to join the group; with the reason in one line if it can't. */
    public static Future<Gateway> start(Settings settings) {
        return start(settings, () -> settings, Promise.<Void>promise().future());
    }

    /**
     * @param file reads the settings anew, off the event loops; what may change while it runs follows
     * @param stopAsked once this has succeeded a start is given up that has not begun to join the group
     */
    static Future<Gateway> start(Settings settings, Supplier<Settings> file, Future<Void> stopAsked) {
        Gateway gateway = new Gateway(settings, file);
        // A promise of no context: where the start fails, its event loops are closed before the future is completed.
        Promise<Gateway> started = Promise.promise();
        gateway.start(stopAsked).onComplete(up -> started.complete(gateway), reason -> {
            if (stopAsked.isComplete()) {
                started.fail(reason); // the process ends with it: closing would only trip over what runs
            } else {
                gateway.stop().onComplete(down -> started.fail(reason));
            }
        });
        return started.future();
    }

    private Future<Void> start(Future<Void> stopAsked) {
        ProcessMeters process = new ProcessMeters(registry);
        running.push(vertx::close);
        running.push(() -> closing(process::close));
        running.push(management::stop);
        management.mount(ConsolePage.read());
        running.push(() -> closingSlowly(tracing::close));
        return management
                .start()
                .compose(started -> unless(stopAsked, kafka(stopAsked)))
                .compose(checked -> unless(stopAsked, new WarmUp(vertx, settings).run()))
                .compose(warm -> vertx.deployVerticle(new Core(stopAsked)))
                .onSuccess(deployed -> log.info(
                        "instance {} takes requests from {}; management on port {}",
                        settings.kafka().instanceId(),
                        settings.kafka().topics().requests(),
                        managementPort()))
                .mapEmpty();
    }

    private Future<Void> kafka(Future<Void> stopAsked) {
        TopicCheck topics = new TopicCheck(settings.kafka(), settings.journalWindow(), meters, TopicCheck.PATIENCE);
        Logging.hushKafka(true);
        return new StartCheck(
                        () -> topics.require(vertx),
                        () -> vertx.timer(StartCheck.AGAIN.toMillis(), TimeUnit.MILLISECONDS),
                        stopAsked,
                        meters)
                .run()
                .onComplete(over -> Logging.hushKafka(false))
                .onSuccess(checked -> kafkaFits = true);
    }

    /** Nothing is owned yet: there is nothing to drain, and whoever stops need not wait for it. */
    private static Future<Void> unless(Future<Void> stopAsked, Future<Void> step) {
        Promise<Void> first = Promise.promise();
        step.onComplete(done -> first.tryComplete(), first::tryFail);
        stopAsked.onSuccess(asked -> first.tryFail("asked to stop while it started"));
        return first.future();
    }

    /** Drains, commits, closes. May be called more than once. */
    public synchronized Future<Void> stop() {
        if (stopped == null) {
            stopped = stopNext();
        }
        return stopped;
    }

    private Future<Void> stopNext() {
        Supplier<Future<?>> next = running.poll();
        if (next == null) {
            return Future.succeededFuture();
        }
        return Future.succeededFuture()
                .compose(now -> next.get())
                .onFailure(cause ->
                        log.warn("a part did not stop: {}", cause.getClass().getSimpleName()))
                .transform(anyhow -> stopNext());
    }

    /** Succeeds, with the cause, once the gateway can't go on; never fails. */
    public Future<Throwable> failed() {
        return failed.future();
    }

    /** Whether it has joined its group and works on all it owns. */
    public boolean ready() {
        return readiness().values().stream().allMatch(yes -> yes);
    }

    public int managementPort() {
        return management.port();
    }

    /** Where receipts and requests are taken; 0 if neither is. */
    public int webPort() {
        return webPort;
    }

    private Map<String, Boolean> readiness() {
        RequestIntake current = intake;
        return Map.of("kafka", kafkaFits, "orders", ordersRead, "partitions", current != null && current.ready());
    }

    private static Future<Void> closing(Runnable close) {
        close.run();
        return Future.succeededFuture();
    }

    /** For what blocks. */
    private Future<Void> closingSlowly(Runnable close) {
        return vertx.executeBlocking(() -> {
            close.run();
            return null;
        });
    }

    /** What runs on the event loop of the delivery. */
    private final class Core extends VerticleBase {
        private final Future<Void> stopAsked;
        private final RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());

        Core(Future<Void> stopAsked) {
            this.stopAsked = stopAsked;
        }

        @Override
        public Future<?> start() {
            Time time = new VertxTime(vertx);
            KafkaClients clients = new KafkaClients(settings.kafka());
            Admin admin = clients.admin();
            running.push(() -> closingSlowly(() -> admin.close(Duration.ofSeconds(2))));
            return vertx.executeBlocking(() -> vendors(time), false)
                    .compose(vendors -> GroupSession.lease(settings.kafka(), admin, vertx)
                            .compose(lease -> build(vendors, clients, admin, lease, time)));
        }

        /** Off the event loop: the AWS SDK reads files. */
        private List<SmsProvider> vendors(Time time) {
            List<SmsProvider> vendors = new ArrayList<>();
            for (Settings.Provider provider : settings.providers()) {
                if (provider.vendor() instanceof Settings.Vendor.Twilio twilio) {
                    vendors.add(new TwilioProvider(vertx, () -> twilioNow(provider.id(), twilio), time));
                } else if (provider.vendor() instanceof Settings.Vendor.Sns sns) {
                    vendors.add(new SnsProvider(vertx, sns.config(), time));
                }
            }
            return vendors;
        }

        private TwilioConfig twilioNow(String id, Settings.Vendor.Twilio first) {
            return live.get().provider(id).vendor() instanceof Settings.Vendor.Twilio now
                    ? now.config()
                    : first.config();
        }

        private Future<?> build(
                List<SmsProvider> vendors, KafkaClients clients, Admin admin, Duration lease, Time time) {
            Context loop = context;

            CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
            TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(registry);
            vendors.forEach(vendor -> running.push(vendor::close));
            Providers providers = guarded(vendors, id -> live.get().provider(id).limits(), breakers, time, meters);

            Set<String> heard = settings.receipts().on() ? readers(vendors).keySet() : Set.of();
            UnheardRoutes.warn(settings.routes(), heard::contains, meters);

            KafkaStatusSink sink =
                    new KafkaStatusSink(clients, settings.kafka(), random, loop, time, meters, failed::tryComplete);
            DeadLetters deadLetters = new DeadLetters(clients, settings.kafka(), loop, time, meters);

            AvailabilityReader availability =
                    new AvailabilityReader(clients, settings.kafka().topics(), loop, time, failed::tryComplete);
            running.push(() -> closing(availability::close));

            PublicUrl ourselves = publicUrl();
            Held held = new Held(() -> live.get().delivery());
            InFlight inFlight = new InFlight(() -> live.get().delivery().inFlightMax());
            Guard guard = new Guard(
                    List.of(
                            new ExpiryCheck(),
                            new DestinationCheck(() -> live.get().guard()),
                            new TenantCheck(() -> live.get().guard())),
                    new TenantPace(() -> live.get().guard()));
            Delivery delivery = delivery(
                    live,
                    guard,
                    providers,
                    (event, term) -> {
                        tracing.told(event);
                        return sink.publish(event, term);
                    },
                    held,
                    inFlight,
                    receiving(availability, time, ourselves),
                    availability::ok,
                    orders,
                    time,
                    random,
                    meters);
            vertx.setPeriodic(LOOK_AT_SETTINGS.toMillis(), tick -> lookAtSettings());
            vertx.setPeriodic(RELIEF.toMillis(), tick -> {
                held.relieve(time.now());
                delivery.holdBreakers();
            });

            RequestIntake requests = new RequestIntake(
                    settings.kafka(),
                    clients,
                    lease,
                    admin,
                    settings.request(),
                    settings.journalWindow(),
                    new NumberPlan(),
                    delivering(delivery),
                    tracing,
                    sink,
                    deadLetters,
                    new Backpressure(
                            delivery::full,
                            delivery::roomy,
                            sink::unacknowledged,
                            () -> live.get().delivery().inFlightMax()),
                    loop,
                    time,
                    random,
                    meters,
                    failed::tryComplete);
            InstanceReport report = new InstanceReport(
                    settings.kafka().instanceId(), Gateway.this::ready, requests, held, inFlight, providers, delivery);
            InstancePublisher publisher = new InstancePublisher(vertx, clients, settings.kafka(), report::line, time);
            running.push(
                    () -> onLoop(loop, publisher::close)); // after the drain: its partitions are its own until then
            OperatorDesk desk = new OperatorDesk(settings, live::get, vertx, management, admins, meters, running::push);
            return unless(
                            stopAsked,
                            desk.overrule(
                                            orders,
                                            clients,
                                            delivery,
                                            breakers,
                                            heard::contains,
                                            availability::states,
                                            loop,
                                            time,
                                            failed::tryComplete)
                                    .onSuccess(read -> ordersRead = true))
                    .compose(read -> web(vendors, clients, availability, time))
                    .compose(listening -> {
                        watch(ourselves, loop, time);
                        running.push(() -> onLoop(loop, requests::stop));
                        intake = requests;
                        return requests.start();
                    })
                    .onSuccess(started -> publisher.start());
        }

        /** Off the event loop: it reads files. */
        private void lookAtSettings() {
            vertx.executeBlocking(() -> {
                        live.look();
                        return null;
                    })
                    .onFailure(stray -> log.error(
                            "the settings were not read: {}", stray.getClass().getSimpleName()));
        }

        /** Null where receipts are off. */
        private @Nullable PublicUrl publicUrl() {
            URI publicUrl = settings.web().publicUrl();
            if (publicUrl == null || !settings.receipts().on()) {
                return null;
            }
            PublicUrl ourselves = new PublicUrl(vertx, publicUrl);
            running.push(ourselves::close);
            return ourselves;
        }

        private void watch(@Nullable PublicUrl ourselves, Context loop, Time time) {
            if (ourselves != null) {
                PublicUrlWatch watch = new PublicUrlWatch(ourselves, time, meters);
                running.push(() -> onLoop(loop, () -> closing(watch::stop)));
                watch.start();
            }
        }

        /** How receipts come back. */
        private Receiving receiving(AvailabilityReader availability, Time time, @Nullable PublicUrl ourselves) {
            URI publicUrl = settings.web().publicUrl();
            if (publicUrl == null || ourselves == null) {
                return withoutReceipts(time, meters);
            }
            return new Receiving(
                    () -> live.get().receipts(),
                    new DeliveryHealth(
                            () -> live.get().receipts().failoverAfter(),
                            availability::handsetsReport,
                            time,
                            meters,
                            ourselves::reachable),
                    new CallbackUrls(
                            publicUrl,
                            new CallbackTokens(
                                    () -> live.get().keys(), settings.receipts().window())));
        }

        private RequestIntake.Delivering delivering(Delivery delivery) {
            return new RequestIntake.Delivering() {
                @Override
                public OpenRequest deliver(SendRequest request, Standing standing, Term term, Siblings siblings) {
                    return delivery.deliver(request, standing, term, siblings);
                }

                @Override
                public void verified(String requestId) {
                    delivery.verified(requestId);
                }
            };
        }

        /** Takes receipts, and requests by HTTP, from before the first request until after the last; if they are on. */
        private Future<Void> web(
                List<SmsProvider> vendors, KafkaClients clients, AvailabilityReader availability, Time time) {
            List<WebServer.Part> parts = new ArrayList<>();
            Future<Void> ready = Future.succeededFuture();
            if (!settings.tenantTokens().tokens().isEmpty()) {
                HttpDesk desk = new HttpDesk(settings, live::get, vertx, clients, meters, running::push);
                ready = desk.open(orders, availability, context, time, failed::tryComplete)
                        .onSuccess(parts::add)
                        .mapEmpty();
            }
            if (settings.receipts().on()) {
                KafkaReceiptSink sink = new KafkaReceiptSink(vertx, clients, settings.kafka(), random, meters);
                running.push(() -> sink.close(RECEIPTS_LEFT));
                ReceiptWebhook webhook = new ReceiptWebhook(
                        vertx,
                        settings.web(),
                        () -> live.get().keys(),
                        settings.receipts().window(),
                        readers(vendors),
                        sink,
                        meters);
                ready = ready.compose(opened -> sink.warmUp()).onSuccess(warm -> parts.add(webhook));
            }
            return ready.compose(opened -> parts.isEmpty() ? Future.succeededFuture() : listen(parts));
        }

        private Future<Void> listen(List<WebServer.Part> parts) {
            WebServer server = new WebServer(vertx, settings.web(), parts, meters);
            running.push(server::stop);
            return server.start().onSuccess(listening -> {
                webPort = server.port();
                if (settings.receipts().on()) {
                    log.info(
                            "receipts are taken on port {}, as {}",
                            webPort,
                            settings.web().publicUrl());
                }
                if (!settings.tenantTokens().tokens().isEmpty()) {
                    log.info("requests are taken by HTTP on port {}", webPort);
                }
            });
        }
    }

    private static Map<String, ReceiptReader> readers(List<SmsProvider> vendors) {
        Map<String, ReceiptReader> readers = new HashMap<>();
        for (SmsProvider vendor : vendors) {
            vendor.receipts().ifPresent(reader -> readers.put(vendor.id(), reader));
        }
        return readers;
    }

    /** The vendors behind their guards. */
    static Providers guarded(
            List<SmsProvider> vendors,
            Function<String, ProviderConfig> limits,
            CircuitBreakerRegistry breakers,
            Time time,
            Meters meters) {
        List<GuardedProvider> guarded = new ArrayList<>();
        for (SmsProvider vendor : vendors) {
            guarded.add(new GuardedProvider(vendor, () -> limits.apply(vendor.id()), breakers, time, meters));
        }
        return new Providers(guarded);
    }

    /** The way of a request, whatever lies before and after it. */
    static Delivery delivery(
            Supplier<Settings> settings,
            Guard guard,
            Providers providers,
            StatusSink sink,
            Held held,
            InFlight inFlight,
            Receiving receiving,
            Predicate<String> countryOk,
            Orders orders,
            Time time,
            RandomGenerator random,
            Meters meters) {
        return new Delivery(
                () -> settings.get().delivery(),
                guard,
                new RoutePlanner(() -> settings.get().routes(), route -> orders.weights(route, time.now())),
                providers,
                sink,
                held,
                inFlight,
                receiving,
                countryOk,
                orders,
                time,
                random,
                meters);
    }

    /** Providers are asked for none, and none are waited for. */
    static Receiving withoutReceipts(Time time, Meters meters) {
        ReceiptConfig config = new ReceiptConfig(false, Duration.ofSeconds(20), Duration.ofMinutes(10), 500_000);
        return new Receiving(
                () -> config,
                new DeliveryHealth(
                        config::failoverAfter,
                        (provider, country) -> false,
                        time,
                        meters,
                        () -> Future.succeededFuture(true)),
                ticket -> {
                    throw new IllegalStateException("receipts are off");
                });
    }

    private static Future<Void> onLoop(Context loop, Supplier<Future<Void>> step) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(now -> step.get().onComplete(done));
        return done.future();
    }
}
