package dev.petrel.app;

import dev.petrel.config.InvalidSettings;
import dev.petrel.kafka.TopicCheck;
import dev.petrel.kafka.TopicProblems;
import dev.petrel.kafka.TopicSetup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** The command line. An operator's mistake is told in lines on stderr, never by a stack trace. */
public final class Main {
    static final int RUNNING = -1;

    static final int OK = 0;
    /** It did not work. */
    static final int FAILED = 1;
    /** The command line or the settings are wrong. */
    static final int WRONG = 2;
    /** It ran and can't go on; its offsets are not committed. */
    static final int BROKEN = 3;

    /** What a stop may take beyond the drain: leaving the group, the last commit, closing clients. */
    static final Duration BEYOND_DRAIN = Duration.ofSeconds(10);

    private final Map<String, String> env;
    private final PrintStream out;
    private final PrintStream err;

    Main(Map<String, String> env, PrintStream out, PrintStream err) {
        this.env = env;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        // Our lines are UTF-8 whatever the machine's locale is.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int status = new Main(System.getenv(), out, err).run(List.of(args));
        if (status != RUNNING) {
            System.exit(status);
        }
    }

    /** The exit status, or {@link #RUNNING} if the gateway's own threads keep the process from now on. */
    int run(List<String> words) {
        try {
            Arguments arguments = Arguments.parse(words);
            return switch (arguments.command()) {
                case HELP -> print(Arguments.USAGE);
                case VERSION -> print("petrel " + version());
                case INQUIRY -> answer(arguments, Settings.read(arguments.config(), env));
                case EXPLAIN ->
                    Objects.requireNonNull(arguments.route())
                            .answer(env, RouteInquiry.PATIENCE, out::println, err::println);
                case TOPICS -> topics(arguments, Settings.read(arguments.config(), env));
                case RUN -> start(arguments);
            };
        } catch (InvalidSettings e) {
            e.mistakes().forEach(err::println);
            return WRONG;
        }
    }

    private int print(String text) {
        out.println(text);
        return OK;
    }

    private int topics(Arguments arguments, Settings settings) {
        saySparingly(settings);
        try {
            TopicSetup setup = new TopicSetup(settings.kafka(), settings.journalWindow(), TopicCheck.PATIENCE);
            return setup.run(arguments.partitions(), arguments.replication(), out::println) ? OK : FAILED;
        } catch (TopicProblems e) {
            e.lines().forEach(err::println);
            return FAILED;
        }
    }

    private int answer(Arguments arguments, Settings settings) {
        saySparingly(settings);
        try {
            return Objects.requireNonNull(arguments.inquiry())
                    .answer(settings, Instant.now(), out::println, err::println);
        } catch (TopicProblems e) {
            e.lines().forEach(err::println);
            return FAILED;
        }
    }

    /** Kafka's client says a lot about a broker that it can't reach; one line of ours says it all. */
    private static void saySparingly(Settings settings) {
        Logging.apply(new LoggingConfig(settings.logging().format(), LoggingConfig.Level.ERROR));
    }

    private int start(Arguments arguments) {
        Settings settings = Settings.read(arguments.config(), env);
        // The name of this host is looked up once: a moment without DNS must not look like another instance.
        Map<String, String> known = new HashMap<>(env);
        if (known.getOrDefault("HOSTNAME", "").isBlank()) {
            known.put("HOSTNAME", settings.kafka().instanceId());
        }
        Supplier<Settings> file = () -> Settings.read(arguments.config(), known);
        Logging.apply(settings.logging());
        Exit exit =
                new Exit(settings.kafka().shutdownDrain().plus(BEYOND_DRAIN), Runtime.getRuntime()::halt, err::println);
        Promise<Void> stopAsked = Promise.promise();
        Future<Gateway> starting =
                Future.succeededFuture(settings).compose(checked -> Gateway.start(checked, file, stopAsked.future()));
        Supplier<Future<Void>> stop = () -> {
            stopAsked.complete();
            return starting.transform((gateway, none) -> gateway == null ? Future.succeededFuture() : gateway.stop());
        };
        Runtime.getRuntime().addShutdownHook(new Thread(() -> exit.stop(stop), "petrel-stop"));
        starting.onSuccess(gateway -> gateway.failed().onSuccess(cause -> exit.broken(line(cause))))
                .onFailure(e -> {
                    LoggerFactory.getLogger(Main.class).debug("no start", e);
                    exit.notStarted(lines(e), e instanceof InvalidSettings ? WRONG : FAILED);
                });
        return RUNNING;
    }

    static List<String> lines(Throwable e) {
        if (e instanceof TopicProblems problems) {
            return problems.lines();
        }
        if (e instanceof InvalidSettings invalid) {
            return invalid.mistakes();
        }
        return List.of("petrel: " + line(e));
    }

    private static String line(Throwable e) {
        String message = e.getMessage();
        return (message == null ? e.getClass().getSimpleName() : message).replaceAll("\\p{Cntrl}", " ");
    }

    /** As Maven left it in the jar. */
    private static String version() {
        try (InputStream in = Main.class.getResourceAsStream("/META-INF/maven/dev.petrel/petrel/pom.properties")) {
            if (in == null) {
                return "(not run from its jar)";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "(unknown)");
        } catch (IOException e) {
            return "(unknown)";
        }
    }
}
