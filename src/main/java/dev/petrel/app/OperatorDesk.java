package dev.petrel.app;

import dev.petrel.availability.CountryState;
import dev.petrel.control.Orders;
import dev.petrel.control.Outlook;
import dev.petrel.delivery.Delivery;
import dev.petrel.delivery.Explanation;
import dev.petrel.kafka.ConsoleTail;
import dev.petrel.kafka.KafkaClients;
import dev.petrel.kafka.OrderReader;
import dev.petrel.kafka.OrderWriter;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import dev.petrel.web.AdminTokens;
import dev.petrel.web.ConsoleApi;
import dev.petrel.web.ExplainApi;
import dev.petrel.web.ManagementServer;
import dev.petrel.web.OrdersApi;
import dev.petrel.web.TraceApi;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What operators ask of a gateway and order it to do: wires the parts of the management port that want a token. */
final class OperatorDesk {
    private final Settings settings;
    private final Supplier<Settings> live;
    private final Vertx vertx;
    private final ManagementServer management;
    private final AdminTokens admins;
    private final Meters meters;
    private final Consumer<Supplier<Future<?>>> stopLater;

    /** @param stopLater is handed what is to be stopped, the latest to be stopped first */
    OperatorDesk(
            Settings settings,
            Supplier<Settings> live,
            Vertx vertx,
            ManagementServer management,
            AdminTokens admins,
            Meters meters,
            Consumer<Supplier<Future<?>>> stopLater) {
        this.settings = settings;
        this.live = live;
        this.vertx = vertx;
        this.management = management;
        this.admins = admins;
        this.meters = meters;
        this.stopLater = stopLater;
    }

    /** Succeeds once every order that stands on the topic is obeyed; from then on they come as they are given. */
    Future<Void> overrule(
            Orders orders,
            KafkaClients clients,
            Delivery delivery,
            CircuitBreakerRegistry breakers,
            Predicate<String> heard,
            Supplier<Collection<CountryState>> countries,
            Context loop,
            Time time,
            Consumer<Throwable> fatal) {
        OrderWriter writer = new OrderWriter(vertx, clients, settings.kafka().topics());
        stopLater.accept(writer::close);
        Set<String> ids =
                settings.providers().stream().map(Settings.Provider::id).collect(Collectors.toUnmodifiableSet());
        Outlook outlook = new Outlook(
                () -> live.get().routes(),
                orders,
                () -> ids,
                heard,
                id -> breakers.find(id)
                        .filter(breaker -> breaker.getState() == CircuitBreaker.State.OPEN)
                        .isPresent());
        management.mount(new ExplainApi(
                admins, new NumberPlan(), question -> explained(question, delivery, loop, time), meters));
        OrdersApi overruling = new OrdersApi(admins, orders, outlook, writer::write, time, meters);
        management.mount(overruling);
        showCluster(clients, countries, overruling, loop, time);
        TraceDesk traces = new TraceDesk(vertx, settings.kafka(), time, "petrel-trace", TraceDesk.PAGE);
        stopLater.accept(traces::close);
        management.mount(new TraceApi(admins, traces::read, time, meters));
        OrderReader reader = new OrderReader(
                clients, settings.kafka().topics(), orders, time, meters, loop, delivery::overruled, fatal);
        stopLater.accept(reader::close);
        return reader.start().onSuccess(read -> delivery.overruled());
    }

    private void showCluster(
            KafkaClients clients,
            Supplier<Collection<CountryState>> countries,
            OrdersApi overruling,
            Context loop,
            Time time) {
        ConsoleApi console = new ConsoleApi(
                vertx,
                admins,
                settings.kafka().instanceId(),
                boards -> {
                    ConsoleTail tail = new ConsoleTail(
                            clients, settings.kafka().topics(), countries, loop, time, boards, broken -> {
                                // it has told the log; a page is not worth an instance
                            });
                    return tail::close;
                },
                overruling::inForce,
                meters);
        stopLater.accept(console::close);
        management.mount(console);
    }

    /** On the event loop of the delivery, and back on that of whoever asks. */
    Future<Explanation> explained(ExplainApi.Question question, Delivery delivery, Context loop, Time time) {
        Promise<Explanation> answer = Promise.promise();
        Instant now = time.now();
        String id = question.requestId();
        SendRequest request = new SendRequest(
                id == null ? "explain" : id,
                question.to(),
                "",
                now,
                now.plus(settings.request().defaultLifetime()),
                null,
                question.tenant(),
                null,
                null,
                question.providers(),
                new Source("explain", 0, 0),
                null);
        Context asking = vertx.getOrCreateContext();
        loop.runOnContext(here -> Future.succeededFuture(request)
                .map(delivery::explain)
                .onComplete((explanation, stray) -> asking.runOnContext(back -> answer.complete(explanation, stray))));
        return answer.future();
    }
}
