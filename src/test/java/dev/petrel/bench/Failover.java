package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Balance;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.Seen;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Latency;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.Rule;
import dev.petrel.testing.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How quickly requests get past a first provider that fails, fault by fault, at a steady rate; see {@link FaultVerdict} for
 * what is asked for. Ends with 1 if it does not hold.
 *
 * <p>{@code -Dfailover.rate=200} requests a second, {@code -Dfailover.seconds=20} of each fault, {@code
 * -Dfailover.faults=black_hole,...}, else all.
 */
public final class Failover {
    private static final int RATE = Integer.getInteger("failover.rate", 200);
    private static final Duration FAULT = Duration.ofSeconds(Integer.getInteger("failover.seconds", 20));
    private static final List<String> NAMED = Stream.of(
                    System.getProperty("failover.faults", "").split(","))
            .filter(name -> !name.isBlank())
            .toList();

    private static final String FIRST = "twilio-main";
    private static final Duration CALM = Duration.ofSeconds(10);
    /** Until the breaker has seen that the provider is well again. */
    private static final Duration RECOVERY = Duration.ofSeconds(12);

    /** What the settings are without any: of the provider, and of its breaker. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** One in a hundred of those before a fault may be late. */
    private static final FaultVerdict.Limits LIMITS =
            new FaultVerdict.Limits(Duration.ofSeconds(1), TIMEOUT.plusSeconds(1), 10, Duration.ofSeconds(10), (int)
                    (RATE * CALM.toSeconds() / 100));

    private static final String REFUSE = "refuse";
    /** Who closes all connections reads no more of what is on them, and P5 says so. */
    private static final String LOST_ON_THE_WAY = "less often than told";

    private static final Path RESULTS = Path.of("target", "failover.json");
    private static final int FORMAT = 1;

    private final Platform platform;
    private final StatusReader statuses;
    private final RequestStream requests;

    private final Watchdog watchdog = new Watchdog();

    /** From the fault until the provider was well again, and the breaker had seen it. */
    private record Episode(String fault, Instant from, Instant end, Instant to) {
        boolean has(Asked request) {
            return !request.recordedAt().isBefore(from) && request.recordedAt().isBefore(to);
        }

        boolean isBefore(Asked request) {
            return request.recordedAt().isBefore(from) && !request.recordedAt().isBefore(from.minus(CALM));
        }
    }

    /** As {@code target/failover.json} has it; a field keeps its name and meaning as long as the format has its number. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Report(
            int format,
            String at,
            Machine machine,
            int requestsPerSecond,
            long faultSeconds,
            double lateAfterSeconds,
            double limitSeconds,
            @Nullable Double othersShare,
            boolean held,
            List<FaultVerdict> faults,
            Map<String, Long> finals) {}

    private Failover(Platform platform) {
        this.platform = platform;
        this.statuses = platform.statuses(event -> {});
        this.requests = platform.requests("failover-");
    }

    public static void main(String[] args) {
        boolean held = false;
        try (Platform platform = Platform.start()) {
            platform.gateway();
            held = new Failover(platform).run();
        } catch (Exception failed) {
            failed.printStackTrace();
        }
        System.exit(held ? 0 : 1);
    }

    private static Map<String, Behavior> faults() {
        Map<String, Behavior> faults = new LinkedHashMap<>();
        faults.put("black_hole", Behavior.of(Mode.blackHole()));
        faults.put(REFUSE, Behavior.of(Mode.refuse()));
        faults.put("reset_after_reading", Behavior.of(Mode.resetAfterReading()));
        faults.put("status_500", Behavior.of(Mode.status(500)));
        faults.put("html_502", Behavior.of(Mode.html502()));
        faults.put("empty_503", Behavior.of(Mode.empty503()));
        faults.put("throttle_2s", Behavior.of(Mode.throttle(Duration.ofSeconds(2))));
        faults.put("rubbish_2xx", Behavior.of(Mode.rubbish2xx()));
        faults.put(
                "slow_2500ms", Behavior.of(new Rule(Mode.healthy(), 1, null, Latency.fixed(Duration.ofMillis(2500)))));
        if (!NAMED.isEmpty()) {
            if (!faults.keySet().containsAll(NAMED)) {
                throw new IllegalArgumentException("the faults are " + faults.keySet());
            }
            faults.keySet().retainAll(NAMED);
        }
        return faults;
    }

    private boolean run() throws Exception {
        Neighbours start = Neighbours.now();
        Map<String, Behavior> faults = faults();
        Duration each = CALM.plus(FAULT).plus(RECOVERY);
        Duration before = CALM.plus(CALM).plus(RECOVERY);
        watchdog.allow(
                (int) before.plus(each.multipliedBy(faults.size()))
                        .plusSeconds(120)
                        .toSeconds(),
                "all of it");
        say(
                "%d requests a second; each fault lasts %d s, %d s in all",
                RATE,
                FAULT.toSeconds(),
                before.plus(each.multipliedBy(faults.size())).toSeconds());
        requests.start(RATE);
        pause(CALM);
        Platform.get(
                platform.provider(FIRST).behave(Mode.status(500))); // so that the second provider's way is warm too
        pause(CALM);
        Platform.get(platform.provider(FIRST).behave(Mode.healthy()));
        pause(RECOVERY);
        List<Episode> episodes = new ArrayList<>();
        for (Map.Entry<String, Behavior> fault : faults.entrySet()) {
            pause(CALM);
            Instant from = Instant.now();
            Platform.get(platform.provider(FIRST).behave(fault.getValue()));
            pause(FAULT);
            Instant end = Instant.now();
            Platform.get(platform.provider(FIRST).behave(Mode.healthy()));
            pause(RECOVERY);
            episodes.add(new Episode(fault.getKey(), from, end, Instant.now()));
        }
        requests.pause();
        requests.flush();
        awaitFinals();
        return tell(episodes, Neighbours.shareSince(start));
    }

    private void awaitFinals() throws InterruptedException {
        Instant until = Instant.now().plusSeconds(30);
        while (statuses.finals() < requests.asked().size() && Instant.now().isBefore(until)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean tell(List<Episode> episodes, @Nullable Double othersShare) throws IOException {
        Map<String, List<Told>> told = statuses.told().stream().collect(Collectors.groupingBy(Told::requestId));
        List<Seen> seen = platform.seen();
        List<FaultVerdict> verdicts = new ArrayList<>();
        say("%s", FaultVerdict.heading());
        for (Episode episode : episodes) {
            List<Asked> asked = requests.asked().stream().filter(episode::has).toList();
            Balance balance = balance(asked, told, seen);
            FaultVerdict verdict = FaultVerdict.of(
                    episode.fault(),
                    episode.from(),
                    LIMITS,
                    (int) requests.asked().stream()
                            .filter(episode::isBefore)
                            .filter(request -> LIMITS.isLate(toSubmitted(told, request)))
                            .count(),
                    asked.stream()
                            .map(request -> new FaultVerdict.Sent(
                                    request.recordedAt(),
                                    toSubmitted(told, request),
                                    request.recordedAt().isBefore(episode.end()) && attempted(told, request)))
                            .toList(),
                    balance.doubles(),
                    balance.violations().stream()
                            .filter(violation ->
                                    !(episode.fault().equals(REFUSE) && violation.endsWith(LOST_ON_THE_WAY)))
                            .toList());
            say("%s", verdict.line());
            verdict.violations().stream().limit(5).forEach(violation -> say("  BROKEN %s", violation));
            verdicts.add(verdict);
        }
        Map<String, Long> finals = new Balance(requests.asked(), statuses.told(), seen).finals();
        boolean held = verdicts.stream().allMatch(FaultVerdict::held);
        say("finals of all %d: %s", requests.asked().size(), finals);
        if (othersShare != null && othersShare > Neighbours.QUIET) {
            say("others had %.0f %% of the machine: MEASURE AGAIN WHERE IT IS QUIET", 100 * othersShare);
        }
        say(
                "The last request that took more than 1 s was made at most %d s after its fault: %s. All of it: %s",
                LIMITS.noticed().toSeconds(),
                held
                        ? "held"
                        : verdicts.stream().anyMatch(verdict -> !verdict.held() && verdict.shown())
                                ? "BROKEN"
                                : "NOT SHOWN",
                RESULTS);
        write(new Report(
                FORMAT,
                Instant.now().toString(),
                Machine.here(),
                RATE,
                FAULT.toSeconds(),
                LIMITS.prompt().toMillis() / 1e3,
                LIMITS.noticed().toMillis() / 1e3,
                othersShare,
                held,
                verdicts,
                finals));
        return held;
    }

    private static void write(Report report) throws IOException {
        Files.createDirectories(RESULTS.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(RESULTS.toFile(), report);
    }

    private static Balance balance(List<Asked> asked, Map<String, List<Told>> told, List<Seen> seen) {
        Set<String> texts = asked.stream().map(Asked::text).collect(Collectors.toSet());
        return new Balance(
                asked,
                asked.stream()
                        .flatMap(request -> told.getOrDefault(request.requestId(), List.of()).stream())
                        .toList(),
                seen.stream().filter(call -> texts.contains(call.text())).toList());
    }

    private static boolean attempted(Map<String, List<Told>> told, Asked request) {
        return told.getOrDefault(request.requestId(), List.of()).stream()
                .anyMatch(event -> event.isAttempt() && event.provider().equals(FIRST));
    }

    /** Longer than any life where nobody took it. */
    private static Duration toSubmitted(Map<String, List<Told>> told, Asked request) {
        return told.getOrDefault(request.requestId(), List.of()).stream()
                .filter(event -> event.status().equals("submitted"))
                .map(event -> Duration.between(request.recordedAt(), event.recordedAt()))
                .findFirst()
                .orElse(Duration.ofHours(1));
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
