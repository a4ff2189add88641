package dev.petrel.app;

import dev.petrel.control.Orders;
import dev.petrel.delivery.Delivery;
import dev.petrel.delivery.Held;
import dev.petrel.delivery.InFlight;
import dev.petrel.delivery.Siblings;
import dev.petrel.delivery.StatusSink;
import dev.petrel.delivery.Term;
import dev.petrel.guard.Guard;
import dev.petrel.journal.Standing;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import dev.petrel.metrics.Meters;
import dev.petrel.provider.SmsProvider;
import dev.petrel.provider.sns.SnsConfig;
import dev.petrel.provider.sns.SnsProvider;
import dev.petrel.provider.twilio.TwilioProvider;
import dev.petrel.simulator.Simulator;
import dev.petrel.simulator.SimulatorSettings;
import dev.petrel.simulator.Vendor;
import dev.petrel.time.Time;
import dev.petrel.time.VertxTime;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Runs invented requests through a delivery of their own before the first real one: the same adapters and the same way,
 * against simulated vendors on loopback. A process that has loaded and compiled nothing yet takes seconds for its first
 * submissions, which looks like a slow provider to a breaker and is one to whoever waits for a code.
 *
 * <p>It has an event loop, breakers and meters of its own; nothing of it is left afterwards.
 */
final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final int REQUESTS_PER_PROVIDER = 400;
    private static final int AT_ONCE = 20;
    private static final Duration LONGEST = Duration.ofSeconds(15);
    /** Reserved for fiction by the North American Numbering Plan Administrator. */
    private static final String NUMBER = "+12025550123";

    private static final AwsCredentialsProvider INVENTED =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "invented"));

    private final Vertx vertx;
    private final Settings settings;

    WarmUp(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Never fails: a cold start is slow, and no reason not to start. */
    Future<Void> run() {
        SimulatorSettings simulated = SimulatorSettings.onFreePorts().withMaxCalls(0);
        for (Settings.Provider provider : settings.providers()) {
            Vendor vendor = provider.vendor() instanceof Settings.Vendor.Twilio ? Vendor.TWILIO : Vendor.SNS;
            simulated = simulated.withProvider(provider.id(), vendor);
        }
        return Simulator.start(vertx, simulated)
                .compose(simulator -> vertx.deployVerticle(new Drill(simulator))
                        .compose(vertx::undeploy)
                        .eventually(simulator::close))
                .recover(cause -> {
                    log.warn("no warm-up: {}", cause.getClass().getSimpleName());
                    return Future.succeededFuture();
                });
    }

    /** Deployed when every request has come to its end. */
    private final class Drill extends VerticleBase {
        private final Simulator simulator;
        private final List<SmsProvider> vendors = new ArrayList<>();
        private int started;

        Drill(Simulator simulator) {
            this.simulator = simulator;
        }

        @Override
        public Future<?> start() {
            Time time = new VertxTime(vertx);
            return vertx.executeBlocking(
                            () -> {
                                settings.providers().forEach(provider -> vendors.add(vendor(provider, time)));
                                return vendors;
                            },
                            false)
                    .compose(made -> deliverAll(time))
                    // here and not in stop(), which is not called where a start fails
                    .eventually(() ->
                            Future.join(vendors.stream().map(SmsProvider::close).toList()));
        }

        private SmsProvider vendor(Settings.Provider provider, Time time) {
            URI simulated = URI.create(simulator.provider(provider.id()).url());
            if (provider.vendor() instanceof Settings.Vendor.Twilio twilio) {
                return new TwilioProvider(vertx, twilio.config().withBaseUrl(simulated), time);
            }
            SnsConfig config = ((Settings.Vendor.Sns) provider.vendor()).config();
            return new SnsProvider(vertx, config.withEndpoint(simulated), time, INVENTED);
        }

        private Future<?> deliverAll(Time time) {
            Meters meters = new Meters(new SimpleMeterRegistry());
            Delivery delivery = Gateway.delivery(
                    () -> settings,
                    new Guard(List.of()), // whatever the operator forbids: nothing of this leaves the machine
                    Gateway.guarded(
                            vendors,
                            id -> settings.provider(id).limits().withoutPace(),
                            CircuitBreakerRegistry.ofDefaults(),
                            time,
                            meters),
                    new Discarding(),
                    new Held(settings::delivery),
                    new InFlight(() -> settings.delivery().inFlightMax()),
                    Gateway.withoutReceipts(time, meters),
                    country -> true,
                    new Orders(),
                    time,
                    new SplittableRandom(),
                    meters);
            Term term = new Term(0, 1, () -> true);
            term.activate(0);
            NumberPlan numbers = new NumberPlan();
            int all = REQUESTS_PER_PROVIDER * vendors.size();
            List<Future<?>> lanes = new ArrayList<>();
            for (int lane = 0; lane < AT_ONCE; lane++) {
                lanes.add(lane(delivery, term, numbers, time, all));
            }
            return Future.join(lanes)
                    .timeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                    .otherwiseEmpty() // warm enough
                    .onSuccess(over -> term.lose()); // walks that wait for another round end with it
        }

        /** One request after the other, until all were started. */
        private Future<?> lane(Delivery delivery, Term term, NumberPlan numbers, Time time, int all) {
            if (started >= all || !term.isActive()) {
                return Future.succeededFuture();
            }
            int number = started++;
            String provider = settings.providers().get(number % vendors.size()).id();
            Recipient to = numbers.recipient(NUMBER).orElseThrow();
            SendRequest request = new SendRequest(
                    "warm-up-" + number,
                    to,
                    "000000 is an invented code.",
                    time.now(),
                    time.now().plus(settings.request().defaultLifetime()),
                    null,
                    null,
                    null,
                    null,
                    List.of(provider),
                    new Source("warm-up", 0, number),
                    null);
            Promise<Void> next = Promise.promise();
            delivery.deliver(request, new Standing(false), term, Siblings.NONE)
                    .outcome()
                    .onComplete(done -> vertx.runOnContext(later -> next.complete()));
            return next.future().compose(done -> lane(delivery, term, numbers, time, all));
        }
    }

    /** A sink without a topic. */
    private static final class Discarding implements StatusSink {
        @Override
        public Future<Void> publish(StatusEvent event, Term term) {
            return Future.succeededFuture();
        }
    }
}
