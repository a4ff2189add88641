package dev.petrel.app;

import static dev.petrel.guarantees.Trial.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.guarantees.TopicTail;
import dev.petrel.guarantees.Trial;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.Platform;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Everything at TRACE, vendors that quote number and text in their errors, records that can't be read: nothing that is
 * logged, counted or told shows a number, a text, a code or a token.
 */
class SecretsStayInsideIT {
    private static final String NATIONAL = "2025550187";
    private static final String NUMBER = "+1" + NATIONAL;
    private static final String CODE = "918273";
    private static final String TEXT = CODE + " is what nobody may see";
    private static final List<String> SECRETS =
            List.of(NATIONAL, CODE, "nobody may see", Platform.AUTH_TOKEN, Platform.SECRET_KEY);

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Map<String, Level> levels = new HashMap<>();
    private final List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
    private final Everything everything = new Everything();

    @BeforeEach
    void logEverything() {
        root.iteratorForAppenders().forEachRemaining(appenders::add);
        appenders.forEach(root::detachAppender);
        Stream.concat(Stream.of(root.getName()), Logging.HELD_BACK.keySet().stream())
                .forEach(name -> levels.put(name, context.getLogger(name).getLevel()));
        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.TRACE));
        root.detachAndStopAllAppenders();
        everything.setContext(context);
        everything.start();
        root.addAppender(everything);
    }

    @AfterEach
    void logAsBefore() {
        root.detachAndStopAllAppenders();
        appenders.forEach(root::addAppender);
        levels.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    @Test
    void whateverGoesWrong() throws Exception {
        List<String> pages = new ArrayList<>();
        try (Trial trial = Trial.begin();
                TopicTail letters = new TopicTail(
                        trial.platform().broker().bootstrapServers(),
                        trial.platform().deadLetterTopic(),
                        letter -> {})) {
            Gateway gateway = trial.platform().gateway("", Trial.QUICK);
            for (String provider : List.of("twilio-main", "sns-eu")) {
                for (Mode mode : List.of(
                        Mode.healthy(),
                        Mode.error("21211"),
                        Mode.error("30450"),
                        Mode.error("21212"),
                        Mode.error("99999"),
                        Mode.error("InvalidParameter"),
                        Mode.error("OptedOut"),
                        Mode.status(500),
                        Mode.rubbish2xx(),
                        Mode.html502(),
                        Mode.resetAfterReading(),
                        Mode.throttle(),
                        Mode.refuse(),
                        Mode.error("20003"))) {
                    trial.behave(provider, mode);
                    String id = trial.ask(fields -> secret(fields)
                            .put("sender", "Acme")
                            .set("providers", fields.arrayNode().add(provider)));
                    await().atMost(LONG).until(() -> !trial.statuses().told(id).isEmpty());
                    pages.add(Platform.metrics(gateway));
                    trial.behave(provider, Mode.healthy());
                    trial.story(id);
                }
            }
            trial.behave("twilio-main", Mode.blackHole());
            trial.story(trial.ask(SecretsStayInsideIT::secret));
            List<byte[]> bad = bad();
            for (byte[] value : bad) {
                trial.requests()
                        .put(new ProducerRecord<>(trial.platform().requestTopic(), NUMBER.getBytes(UTF_8), value));
            }
            await().atMost(LONG).until(() -> letters.records().size() == bad.size());
            trial.settle();
            pages.add(Platform.metrics(gateway));
            Platform.get(gateway.stop());

            assertThat(everything.lines).hasSizeGreaterThan(20).allSatisfy(SecretsStayInsideIT::assertClean);
            pages.stream().flatMap(String::lines).forEach(SecretsStayInsideIT::assertClean);
            for (ConsumerRecord<byte[], byte[]> status : trial.statuses().records()) {
                assertClean(new String(status.key(), UTF_8));
                assertClean(status.value() == null ? "" : new String(status.value(), UTF_8));
                assertClean(headers(status));
            }
            letters.records().forEach(letter -> assertClean(headers(letter)));
        }
    }

    private static ObjectNode secret(ObjectNode fields) {
        return fields.put("to", NUMBER)
                .put("text", TEXT + " " + fields.get("requestId").asText());
    }

    private static List<byte[]> bad() {
        String to = "\"to\": \"" + NUMBER + "\"";
        String text = "\"text\": \"" + TEXT + "\"";
        return Stream.of(
                        "{\"requestId\": \"a\", " + to + ", \"text\": \"" + TEXT,
                        NUMBER + " " + TEXT,
                        "{\"requestId\": \"" + NATIONAL + "\", \"to\": " + NUMBER + ", " + text + "}",
                        "{\"requestId\": \"x-1" + NATIONAL + "\", " + to + ", " + text + "}",
                        "{\"requestId\": \"" + TEXT + "\", " + to + ", " + text + "}",
                        "{\"requestId\": \"c\", \"to\": \"" + NUMBER + "99\", " + text + "}",
                        "{\"requestId\": \"d\", \"to\": \"" + TEXT + "\", " + text + "}",
                        "{\"requestId\": \"e\", " + to + ", " + text + ", \"tenant\": \"" + NUMBER + "\"}",
                        "{\"requestId\": \"f\", " + to + ", " + text + ", \"purpose\": \"" + TEXT + "\"}",
                        "{\"requestId\": \"g\", " + to + ", " + text + ", \"sender\": \"" + TEXT.repeat(3) + "\"}",
                        "{\"requestId\": \"h\", " + to + ", " + text + ", \"expiresAt\": \"" + TEXT + "\"}",
                        "{\"requestId\": \"i\", " + to + ", " + text + ", \"lifetimeSeconds\": " + CODE + "918273}",
                        "{\"" + TEXT + "\": 1}")
                .map(value -> value.getBytes(UTF_8))
                .toList();
    }

    private static void assertClean(String line) {
        assertThat(SECRETS.stream().filter(line::contains))
                .as("secrets in: %s", line)
                .isEmpty();
    }

    private static String headers(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder headers = new StringBuilder();
        for (Header header : record.headers()) {
            headers.append(header.key())
                    .append('=')
                    .append(new String(header.value(), UTF_8))
                    .append('\n');
        }
        return headers.toString();
    }

    /** Keeps whatever an encoder could make of an event. */
    private static final class Everything extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            StringBuilder line = new StringBuilder(event.getLoggerName())
                    .append(' ')
                    .append(event.getThreadName())
                    .append(' ')
                    .append(event.getFormattedMessage())
                    .append(event.getMDCPropertyMap());
            if (event.getArgumentArray() != null) {
                line.append(Arrays.deepToString(event.getArgumentArray()));
            }
            if (event.getThrowableProxy() != null) {
                line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            lines.add(line.toString());
        }
    }
}
