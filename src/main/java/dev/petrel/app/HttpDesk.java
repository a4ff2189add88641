package dev.petrel.app;

import dev.petrel.control.Orders;
import dev.petrel.guard.DestinationCheck;
import dev.petrel.guard.Guard;
import dev.petrel.guard.GuardConfig;
import dev.petrel.guard.StopCheck;
import dev.petrel.guard.TenantCheck;
import dev.petrel.kafka.AvailabilityReader;
import dev.petrel.kafka.EventTail;
import dev.petrel.kafka.KafkaClients;
import dev.petrel.kafka.KafkaRequestSink;
import dev.petrel.message.NumberPlan;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import dev.petrel.web.HttpIn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Requests by HTTP: wires what reads the topics for them, and writes. */
final class HttpDesk {
    private static final Duration REQUESTS_LEFT = Duration.ofSeconds(4);
    static final Duration FEED_WITHIN = Duration.ofSeconds(10);

    private final Settings settings;
    private final Supplier<Settings> live;
    private final Vertx vertx;
    private final KafkaClients clients;
    private final Meters meters;
    private final Consumer<Supplier<Future<?>>> stopLater;

    /** @param stopLater is handed what is to be stopped, the latest to be stopped first */
    HttpDesk(
            Settings settings,
            Supplier<Settings> live,
            Vertx vertx,
            KafkaClients clients,
            Meters meters,
            Consumer<Supplier<Future<?>>> stopLater) {
        this.settings = settings;
        this.live = live;
        this.vertx = vertx;
        this.clients = clients;
        this.meters = meters;
        this.stopLater = stopLater;
    }

    /**
     * Succeeds once no event of a request that comes from then on is missed; or without that after some seconds, for codes do
     * not wait for those who ask about them: they are told out of the topic, or that they can't be.
     */
    Future<HttpIn> open(
            Orders orders, AvailabilityReader availability, Context loop, Time time, Consumer<Throwable> fatal) {
        KafkaRequestSink sink =
                new KafkaRequestSink(vertx, clients, settings.kafka(), settings.request(), new NumberPlan(), time);
        stopLater.accept(() -> sink.close(REQUESTS_LEFT));
        EventTail tail = new EventTail(clients, settings.kafka().topics(), loop, time, fatal);
        stopLater.accept(tail::close);
        TraceDesk archive = new TraceDesk(vertx, settings.kafka(), time, "petrel-http", TraceDesk.CALL);
        stopLater.accept(archive::close);
        Supplier<GuardConfig> guard = () -> live.get().guard();
        HttpIn in = new HttpIn(
                vertx,
                settings.web(),
                () -> live.get().tenantTokens(),
                new Guard(List.of(new DestinationCheck(guard), new TenantCheck(guard), new StopCheck(orders))),
                tenant -> guard.get().tenant(tenant).maxPerSecond(),
                settings.journalWindow(),
                new HttpIn.Ports(sink, tail, archive, availability::of),
                time,
                meters);
        Promise<Void> begun = Promise.promise();
        Time.Timer patience = time.after(FEED_WITHIN, begun::tryComplete);
        return Future.any(tail.start(), begun.future())
                .compose(heard -> {
                    patience.cancel();
                    return sink.warmUp();
                })
                .map(in);
    }
}
