package dev.petrel.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutboxTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ManualTime time = new ManualTime();
    private final ScriptedCollector collector = new ScriptedCollector();
    private final Outbox outbox = new Outbox(collector, new Meters(registry), time::nanos);
    private final Logger logger = (Logger) LoggerFactory.getLogger(Outbox.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void readTheLog() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
        logger.setLevel(Level.WARN);
    }

    @AfterEach
    void leaveTheLog() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void whatACollectorTakesIsCountedAndNotTold() {
        add(3);
        send(3);
        collector.answer.succeed();

        assertThat(counts()).containsExactly(3.0, 0.0, 0.0);
        assertThat(log.list).isEmpty();
    }

    @Test
    void soManyWaitAndNoMore() {
        add(Outbox.ROOM);
        assertThat(outbox.hasRoom()).isFalse();
        assertThat(counts()).containsExactly(0.0, 0.0, 1.0);

        send(10); // they wait no more, whatever the collector says to them
        add(10);
        assertThat(outbox.hasRoom()).isFalse();
        assertThat(lines()).singleElement().asString().contains("too many wait for it");
    }

    @Test
    void aSpanMayBeSentBeforeItsPlaceIsCounted() {
        send(5);
        add(Outbox.ROOM + 5);
        assertThat(outbox.hasRoom()).isFalse();
    }

    @Test
    void aCollectorInTroubleIsToldOnceAMinute() {
        for (int i = 0; i < 100; i++) {
            fail(new ConnectException("to 192.0.2.1 with what was sent"));
            time.advance(Duration.ofMillis(599));
        }
        assertThat(counts()).containsExactly(0.0, 100.0, 0.0);
        assertThat(lines())
                .containsExactly(
                        "spans are lost on their way to petrel.tracing.endpoint (ConnectException); no code waits for it");

        time.advance(Duration.ofSeconds(1));
        fail(null);
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(1)).contains("(it answers with an error)");
    }

    private void add(int spans) {
        for (int i = 0; i < spans; i++) {
            assertThat(outbox.hasRoom()).isTrue();
            outbox.added();
        }
    }

    private void send(int spans) {
        collector.answer = new CompletableResultCode();
        var unused = outbox.export(Collections.nCopies(spans, null));
    }

    private void fail(Exception cause) {
        send(1);
        collector.answer.failExceptionally(new IOException(cause));
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private List<Double> counts() {
        return List.of("sent", "failed", "dropped").stream()
                .map(result -> registry.get("petrel.spans")
                        .tag("result", result)
                        .counter()
                        .count())
                .toList();
    }

    private static final class ScriptedCollector implements SpanExporter {
        CompletableResultCode answer = new CompletableResultCode();

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return answer;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
