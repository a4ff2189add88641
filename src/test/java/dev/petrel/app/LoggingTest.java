package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LoggingTest {
    private final LoggerContext context = new LoggerContext();

    @Test
    void jsonHoldsTheFinishedMessageAndNeitherItsPatternNorItsArguments() throws JsonProcessingException {
        JsonNode line = new ObjectMapper().readTree(encoded(LoggingConfig.Format.JSON));

        assertThat(line.get("formattedMessage").asText()).isEqualTo("requestId=r-1 done");
        assertThat(line.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "timestamp", "level", "threadName", "loggerName", "formattedMessage", "throwable");
    }

    @Test
    void textIsOneReadableLine() {
        assertThat(encoded(LoggingConfig.Format.TEXT)).endsWith("INFO  Delivery: requestId=r-1 done\n");
    }

    @Test
    void holdsBackWhatCouldShowATextOrANumberEvenWhenAllIsTraced() {
        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.TRACE), context);

        assertThat(context.getLogger("dev.petrel.app.Main").isTraceEnabled()).isTrue();
        for (String logger : new String[] {
            "org.apache.hc.client5.http.wire",
            "org.apache.hc.client5.http.headers",
            "software.amazon.awssdk.request",
            "software.amazon.awssdk.auth.signer.Aws4Signer",
            "com.twilio.http.HttpClient",
            "io.netty.handler.logging.LoggingHandler",
            "io.vertx.core.http.impl.HttpClientImpl",
            "org.apache.kafka.clients.producer.KafkaProducer"
        }) {
            assertThat(context.getLogger(logger).isDebugEnabled()).as(logger).isFalse();
        }
    }

    @Test
    void holdsBackNothingLessThanTheSettingsDo() {
        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.ERROR), context);

        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isWarnEnabled())
                .isFalse();
    }

    @Test
    void whoOverruledPetrelIsLoggedAtEveryLevel() {
        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.ERROR), context);

        assertThat(context.getLogger("dev.petrel.audit").isInfoEnabled()).isTrue();
    }

    @Test
    void kafkasClientsAreQuietUnlessDebugIsAskedFor() {
        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.INFO), context);
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isInfoEnabled())
                .isFalse();

        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.DEBUG), context);
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isInfoEnabled())
                .isTrue();
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isDebugEnabled())
                .isFalse();
    }

    @Test
    void whileKafkaIsAwayItsClientsDoNotWarnUnlessMoreIsAskedFor() {
        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.INFO), context);
        Logging.hushKafka(true, context);
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isWarnEnabled())
                .isFalse();
        assertThat(context.getLogger("org.apache.kafka.common.config.AbstractConfig")
                        .isWarnEnabled())
                .isTrue();

        Logging.hushKafka(false, context);
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isWarnEnabled())
                .isTrue();

        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.DEBUG), context);
        Logging.hushKafka(true, context);
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isInfoEnabled())
                .isTrue();
    }

    @Test
    void anOperatorsOwnFileIsOnlyHeldBackAndNeverMadeToSayMore() {
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);
        context.getLogger("com.twilio.http").setLevel(Level.DEBUG);
        context.getLogger("software.amazon.awssdk").setLevel(Level.TRACE);
        context.getLogger("io.netty").setLevel(Level.ERROR);
        context.getLogger("dev.petrel").setLevel(Level.TRACE);

        Logging.apply(new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.INFO), context, true);

        assertThat(context.getLogger("com.twilio.http").getEffectiveLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("software.amazon.awssdk.request").getEffectiveLevel())
                .isEqualTo(Level.WARN);
        assertThat(context.getLogger("org.apache.kafka.clients.producer").getEffectiveLevel())
                .isEqualTo(Level.INFO);
        assertThat(context.getLogger("io.netty.handler").getEffectiveLevel()).isEqualTo(Level.ERROR);
        assertThat(context.getLogger("dev.petrel").getLevel()).isEqualTo(Level.TRACE);
    }

    @Test
    void theFileHoldsBackNoLess() throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Objects.requireNonNull(LoggingTest.class.getResource("/logback.xml")));

        for (Map.Entry<String, Level> held : Logging.HELD_BACK.entrySet()) {
            assertThat(context.getLogger(held.getKey()).getEffectiveLevel().isGreaterOrEqual(held.getValue()))
                    .as(held.getKey())
                    .isTrue();
        }
        assertThat(context.getLogger("dev.petrel").isDebugEnabled()).isFalse();
    }

    private String encoded(LoggingConfig.Format format) {
        LoggingEvent event = new LoggingEvent(
                "caller",
                context.getLogger("dev.petrel.delivery.Delivery"),
                Level.INFO,
                "requestId={} done",
                null,
                new Object[] {"r-1"});
        return new String(Logging.encoder(format, context).encode(event), StandardCharsets.UTF_8);
    }
}
