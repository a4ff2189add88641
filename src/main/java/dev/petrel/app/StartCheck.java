package dev.petrel.app;

import dev.petrel.kafka.BrokersAway;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check of the topics at the start, again and again while no broker can be reached. A process that ended instead
 * would be started ever more seldom by whatever runs it, up to minutes apart, and codes would wait so much longer than
 * Kafka was away. What does not heal by waiting (settings, credentials, rights, topics) fails at once.
 */
final class StartCheck {
    static final Duration AGAIN = Duration.ofSeconds(2);
    /** The check takes its time before it gives up: about two minutes. */
    private static final int SAID_EACH = 10;

    private static final Logger log = LoggerFactory.getLogger(StartCheck.class);

    private final Supplier<Future<Void>> check;
    private final Supplier<Future<Void>> pause;
    private final Future<Void> stopAsked;
    private final Meters meters;
    private final Promise<Void> passed = Promise.promise();
    private int failures;

    /**
     * @param check fails with {@link BrokersAway} where it is to be repeated
     * @param pause takes {@link #AGAIN}
     * @param stopAsked once this has succeeded nothing is repeated
     */
    StartCheck(Supplier<Future<Void>> check, Supplier<Future<Void>> pause, Future<Void> stopAsked, Meters meters) {
        this.check = check;
        this.pause = pause;
        this.stopAsked = stopAsked;
        this.meters = meters;
    }

    /** Succeeds once the check does; with its failure, if that is for good. Call it once. */
    Future<Void> run() {
        look();
        return passed.future();
    }

    /** One promise for all of it: futures that are composed again and again would be a chain without end. */
    private void look() {
        check.get()
                .onSuccess(fits -> {
                    if (failures > 0) {
                        log.info("Kafka answers");
                    }
                    passed.complete();
                })
                .onFailure(reason -> {
                    if (reason instanceof BrokersAway away && !stopAsked.isComplete()) {
                        tell(away);
                        pause.get().onComplete(over -> look());
                    } else {
                        passed.fail(reason);
                    }
                });
    }

    private void tell(BrokersAway away) {
        meters.alert(Alert.KAFKA_AWAY_AT_START);
        if (failures++ % SAID_EACH == 0) {
            log.warn(
                    "nothing is taken until Kafka answers, and it is asked again {} s after each try: {}",
                    AGAIN.toSeconds(),
                    away.getMessage());
        }
    }
}
