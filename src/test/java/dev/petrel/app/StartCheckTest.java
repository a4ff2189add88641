package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.kafka.BrokersAway;
import dev.petrel.kafka.TopicProblems;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StartCheckTest {
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(StartCheck.class);
    private static final BrokersAway AWAY = new BrokersAway("kafka at a:1: no answer");

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ManualTime time = new ManualTime();
    private final Promise<Void> stopAsked = Promise.promise();
    private Future<Void> answer = Future.failedFuture(AWAY);
    private int asked;

    @BeforeEach
    void listen() {
        lines.start();
        LOGGER.setLevel(Level.INFO);
        LOGGER.setAdditive(false);
        LOGGER.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.detachAppender(lines);
        LOGGER.setLevel(null);
        LOGGER.setAdditive(true);
    }

    @Test
    void asksEveryTwoSecondsUntilKafkaAnswers() {
        Future<Void> passed = run();
        time.advance(Duration.ofSeconds(20));
        assertThat(asked).isEqualTo(11);
        assertThat(passed.isComplete()).isFalse();

        answer = Future.succeededFuture();
        time.advance(Duration.ofSeconds(2));
        assertThat(passed.succeeded()).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(asked).isEqualTo(12);
        assertThat(lines.list).last().hasToString("[INFO] Kafka answers");
    }

    @Test
    void saysSoAtOnceAndThenNowAndThen() {
        assertThat(run().isComplete()).isFalse();
        assertThat(lines.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN))
                .satisfies(line -> assertThat(line.getFormattedMessage()).contains(AWAY.getMessage()));

        time.advance(Duration.ofSeconds(2 * 95));
        assertThat(asked).isEqualTo(96);
        assertThat(lines.list).hasSize(10);
        assertThat(registry.get("petrel.alerts")
                        .tag("kind", "kafka_away_at_start")
                        .counter()
                        .count())
                .isEqualTo(96);
    }

    @Test
    void saysNothingOfAKafkaThatAnswers() {
        answer = Future.succeededFuture();

        assertThat(run().succeeded()).isTrue();
        assertThat(lines.list).isEmpty();
    }

    @Test
    void whatWaitingDoesNotHealEndsAtOnce() {
        Future<Void> passed = run();
        answer = Future.failedFuture(new TopicProblems(List.of("topic a: is missing")));
        time.advance(Duration.ofMinutes(1));

        assertThat(asked).isEqualTo(2);
        assertThat(passed.cause()).hasMessage("topic a: is missing");
    }

    @Test
    void asksNoMoreOnceItIsToStop() {
        Future<Void> passed = run();
        stopAsked.complete();
        time.advance(Duration.ofMinutes(1));

        assertThat(asked).isEqualTo(2);
        assertThat(passed.failed()).isTrue();
    }

    private Future<Void> run() {
        return new StartCheck(
                        () -> {
                            asked++;
                            return answer;
                        },
                        () -> {
                            Promise<Void> over = Promise.promise();
                            time.after(StartCheck.AGAIN, over::complete);
                            return over.future();
                        },
                        stopAsked.future(),
                        new Meters(registry))
                .run();
    }
}
