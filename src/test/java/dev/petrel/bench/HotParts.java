package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.journal.SeenRequests;
import dev.petrel.kafka.CodecBridge;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.SubmitResult;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.route.Candidate;
import dev.petrel.route.Route;
import dev.petrel.route.RouteConfig;
import dev.petrel.route.RoutePlanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What every request goes through, part by part, each by itself: its time, and what it allocates. The requests are those
 * of the {@link Bench}, many different ones in turn.
 *
 * <p>{@code -Djmh.include=decode}: only what has this in its name; a regular expression.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HotParts {
    private static final Path RESULTS = Path.of("target", "jmh.json");
    /** A power of two. */
    private static final int MANY = 1 << 14;

    private static final int REMEMBERED = 100_000;
    private static final int FOLDED = 30_000;
    private static final Duration WINDOW = Duration.ofMinutes(11);
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");

    private final CodecBridge codec = new CodecBridge();
    private final NumberPlan numbers = new NumberPlan();
    private final CallbackTokens tokens =
            new CallbackTokens(() -> CallbackKeys.parse(Petrel.KEYS), Duration.ofMinutes(10));
    private final RoutePlanner planner = new RoutePlanner(
            () -> new RouteConfig(List.of(new RouteConfig.Rule(
                    Set.of(),
                    List.of(new RouteConfig.Choice("twilio-main", 1, 70), new RouteConfig.Choice("sns-eu", 1, 30))))),
            route -> Map.of());

    private final byte[][] requests = new byte[MANY][];
    private final String[] e164 = new String[MANY];
    private final SendRequest[] decoded = new SendRequest[MANY];
    private final StatusEvent[] events = new StatusEvent[MANY];
    private final AttemptTicket[] tickets = new AttemptTicket[MANY];
    private final List<ConsumerRecord<byte[], byte[]>> statuses = new ArrayList<>(MANY);
    private final String[] ids = new String[REMEMBERED];
    private final List<JournalEvent> story = new ArrayList<>(FOLDED);
    private int next;

    /** All of it is made before the first call. */
    public HotParts() {
        for (int i = 0; i < MANY; i++) {
            String id = Replay.id(i);
            requests[i] = BrokerMain.request(id, i);
            e164[i] = BrokerMain.fictional(i);
            Recipient to = numbers.recipient(e164[i]).orElseThrow();
            decoded[i] = new SendRequest(
                    id,
                    to,
                    "000000 is your test code.",
                    NOW,
                    NOW.plusSeconds(300),
                    "login",
                    "web",
                    null,
                    null,
                    null,
                    new Source("sms.requests", 0, i),
                    null);
            events[i] = Replay.attempt(i, 1, "twilio-main", null);
            statuses.add(CodecBridge.written(codec.encode(events[i])));
            tickets[i] = new AttemptTicket(
                    id,
                    0,
                    i,
                    "a8XkQ2p1Zr0mVt5yLw9cBg",
                    1,
                    1,
                    "twilio-main",
                    to.country(),
                    to.masked(),
                    NOW,
                    NOW.plusSeconds(300));
        }
        for (int i = 0; i < REMEMBERED; i++) {
            ids[i] = Replay.id(i);
        }
        for (int i = 0; i < FOLDED / 3; i++) {
            byte[] id = Replay.id(i).getBytes(UTF_8);
            story.add(result(id, i, 1, "twilio-main", SubmitResult.Kind.THROTTLED, ReasonClass.THROTTLED));
            story.add(result(id, i, 2, "sns-eu", SubmitResult.Kind.ACCEPTED, null));
            story.add(new JournalEvent(id, i, NOW.toEpochMilli(), true, null, null, null, null));
        }
    }

    private static JournalEvent result(
            byte[] id, long offset, int number, String provider, SubmitResult.Kind kind, ReasonClass reason) {
        return new JournalEvent(
                id,
                offset,
                NOW.toEpochMilli(),
                false,
                new JournalEvent.Attempt("a8XkQ2p1Zr0mVt5yLw9cBg", number, 1, provider, kind),
                reason,
                null,
                null);
    }

    private int next() {
        next = next + 1 & MANY - 1;
        return next;
    }

    /** With its number looked up. */
    @Benchmark
    public Object decodeRequest() {
        int i = next();
        return codec.decode(requests[i], i, NOW);
    }

    @Benchmark
    public Optional<Recipient> lookNumberUp() {
        return numbers.recipient(e164[next()]);
    }

    /** Two providers, drawn by weight. */
    @Benchmark
    public Route planRoute() {
        return planner.plan(decoded[next()], 1, provider -> new Candidate(provider, null, 0));
    }

    @Benchmark
    public ProducerRecord<byte[], byte[]> encodeStatus() {
        return codec.encode(events[next()]);
    }

    /** As the journal is tailed, and replayed. */
    @Benchmark
    public Object readStatus() {
        return CodecBridge.read(statuses.get(next()));
    }

    /** An id that is new, into a table that grows. */
    @Benchmark
    @OperationsPerInvocation(REMEMBERED)
    public SeenRequests rememberId() {
        SeenRequests seen = new SeenRequests(WINDOW, 17);
        for (int i = 0; i < REMEMBERED; i++) {
            var unused = seen.see(ids[i], i, NOW);
        }
        return seen;
    }

    /** An event of three of a request, which failed at one provider, was taken by another, and is over. */
    @Benchmark
    @OperationsPerInvocation(FOLDED)
    public PartitionJournal foldEvent() {
        PartitionJournal journal = new PartitionJournal(0, WINDOW, 0, 17);
        for (JournalEvent event : story) {
            journal.apply(event, NOW.toEpochMilli());
        }
        return journal;
    }

    /** For the URL of a receipt. */
    @Benchmark
    public String signToken() {
        return tokens.sign(tickets[next()]);
    }

    public static void main(String[] args) throws Exception {
        Files.createDirectories(RESULTS.toAbsolutePath().getParent());
        var results = new Runner(new OptionsBuilder()
                        .include(HotParts.class.getSimpleName() + ".*" + System.getProperty("jmh.include", ""))
                        .addProfiler(GCProfiler.class)
                        .jvmArgs("-Xmx512m")
                        .timeout(TimeValue.minutes(1))
                        .resultFormat(ResultFormatType.JSON)
                        .result(RESULTS.toString())
                        .build())
                .run();
        if (results.isEmpty()) {
            System.exit(1);
        }
    }
}
