package dev.petrel.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * How and what Petrel logs. Some libraries print bodies, headers or numbers at DEBUG and below; their loggers are held
 * back whatever level the settings ask for (P6). That is done here as well as in {@code logback.xml}, which an operator
 * may replace.
 */
final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n";

    /** The lowest level that is safe for each, and for the last two the lowest that is readable. */
    static final Map<String, Level> HELD_BACK = Map.ofEntries(
            Map.entry("org.apache.hc", Level.WARN),
            Map.entry("org.apache.hc.client5.http.wire", Level.WARN),
            Map.entry("software.amazon.awssdk", Level.WARN),
            Map.entry("com.twilio", Level.WARN),
            Map.entry("io.netty", Level.INFO),
            Map.entry("io.vertx", Level.INFO),
            Map.entry("org.apache.kafka", Level.INFO),
            Map.entry("org.apache.kafka.common.config.AbstractConfig", Level.WARN),
            Map.entry("org.apache.kafka.common.utils.AppInfoParser", Level.WARN));

    /** Safe, and a hundred lines for each client at INFO: who wants to read them asks for DEBUG. */
    private static final String TALKATIVE = "org.apache.kafka";

    /** Who overruled Petrel must be known at every level; whoever wants it elsewhere gives Logback a file of his own. */
    private static final String AUDIT = "dev.petrel.audit";

    /** Whether the operator has given Logback a file of his own; it says format and level then. */
    private static final boolean OPERATORS_OWN = System.getProperty("logback.configurationFile") != null;

    private Logging() {}

    /** Takes effect at once and for good; where another logging library is bound, nothing happens. */
    static void apply(LoggingConfig config) {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            apply(config, context);
        }
    }

    static void apply(LoggingConfig config, LoggerContext context) {
        apply(config, context, OPERATORS_OWN);
    }

    /**
     * While nothing but the brokers' absence is found out: Kafka's clients warn of it every second, and a line of ours
     * now and then says as much. Who asked for more than their warnings gets it, and so does an operator's own file.
     */
    static void hushKafka(boolean on) {
        if (!OPERATORS_OWN && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            hushKafka(on, context);
        }
    }

    static void hushKafka(boolean on, LoggerContext context) {
        boolean warnings = Level.WARN.equals(context.getLogger(TALKATIVE).getEffectiveLevel());
        context.getLogger(TALKATIVE + ".clients").setLevel(on && warnings ? Level.ERROR : null);
    }

    /** @param operatorsOwn whether levels and appenders are those of a file of the operator's */
    static void apply(LoggingConfig config, LoggerContext context, boolean operatorsOwn) {
        if (operatorsOwn) {
            HELD_BACK.forEach((name, least) -> raise(context.getLogger(name), least));
        } else {
            applySettings(config, context);
        }
        HELD_BACK.forEach((name, least) -> context.getLoggerList().stream()
                .filter(logger -> logger.getName().startsWith(name + "."))
                .forEach(logger -> raise(logger, least)));
    }

    /** Whoever set it higher is left alone. */
    private static void raise(Logger logger, Level least) {
        if (!logger.getEffectiveLevel().isGreaterOrEqual(least)) {
            logger.setLevel(least);
        }
    }

    private static void applySettings(LoggingConfig config, LoggerContext context) {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level level = Level.valueOf(config.level().name());
        root.setLevel(level);
        HELD_BACK.forEach(
                (name, least) -> context.getLogger(name).setLevel(least.isGreaterOrEqual(level) ? least : level));
        context.getLogger(AUDIT).setLevel(Level.INFO);
        if (level == Level.INFO) {
            context.getLogger(TALKATIVE).setLevel(Level.WARN);
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setName("console");
        console.setContext(context);
        console.setEncoder(encoder(config.format(), context));
        console.start();
        root.detachAndStopAllAppenders();
        root.addAppender(console);
    }

    static Encoder<ILoggingEvent> encoder(LoggingConfig.Format format, LoggerContext context) {
        EncoderBase<ILoggingEvent> encoder = format == LoggingConfig.Format.JSON ? json() : text(context);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static EncoderBase<ILoggingEvent> text(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.setCharset(StandardCharsets.UTF_8);
        return encoder;
    }

    /** Only what the text form shows too: the raw message and its arguments would go round every mask. */
    private static EncoderBase<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithMDC(false);
        encoder.setWithKVPList(false);
        return encoder;
    }
}
