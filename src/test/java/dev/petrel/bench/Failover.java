package dev.petrel.bench;

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

/**
 * How quickly requests get past a first provider that fails, fault by fault, at a steady rate. A request that is made
 * once the fault has lasted for the provider's timeout and a second more should find the second provider at once: it is
 * late if it takes more than a second. Trial calls of a breaker that is half open meet the fault on purpose; they are
 * counted by themselves.
 *
 * <p>{@code -Dfailover.rate=200} requests a second.
 */
public final class Failover {
    private static final int RATE = Integer.getInteger("failover.rate", 200);
    private static final String FIRST = "twilio-main";
    private static final Duration CALM = Duration.ofSeconds(10);
    private static final Duration FAULT = Duration.ofSeconds(20);
    /** Until the breaker has seen that the provider is well again. */
    private static final Duration RECOVERY = Duration.ofSeconds(12);

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration NOTICED = TIMEOUT.plusSeconds(1);
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private static final String REFUSED = "refused";
    /** Who closes all connections reads no more of what is on them, and P5 says so. */
    private static final String LOST_ON_THE_WAY = "less often than told";

    private final Platform platform;
    private final StatusReader statuses;
    private final RequestStream requests;

    /** What happened between these two moments. */
    private record Episode(String fault, Instant from, Instant to) {
        boolean has(Asked request) {
            return !request.recordedAt().isBefore(from) && request.recordedAt().isBefore(to);
        }
    }

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
        faults.put("black hole", Behavior.of(Mode.blackHole()));
        faults.put(REFUSED, Behavior.of(Mode.refuse()));
        faults.put("reset after reading", Behavior.of(Mode.resetAfterReading()));
        faults.put("fast 500", Behavior.of(Mode.status(500)));
        faults.put("HTML 502", Behavior.of(Mode.html502()));
        faults.put("empty 503", Behavior.of(Mode.empty503()));
        faults.put("throttle, 2 s", Behavior.of(Mode.throttle(Duration.ofSeconds(2))));
        faults.put("rubbish 2xx", Behavior.of(Mode.rubbish2xx()));
        faults.put(
                "2.5 s slow", Behavior.of(new Rule(Mode.healthy(), 1, null, Latency.fixed(Duration.ofMillis(2500)))));
        return faults;
    }

    private boolean run() throws Exception {
        say("%d requests a second; %s of each fault", RATE, FAULT);
        requests.start(RATE);
        pause(CALM);
        Platform.get(
                platform.provider(FIRST).behave(Mode.status(500))); // so that the second provider's way is warm too
        pause(CALM);
        Platform.get(platform.provider(FIRST).behave(Mode.healthy()));
        pause(RECOVERY);
        List<Episode> episodes = new ArrayList<>();
        for (Map.Entry<String, Behavior> fault : faults().entrySet()) {
            pause(CALM);
            Instant from = Instant.now();
            Platform.get(platform.provider(FIRST).behave(fault.getValue()));
            pause(FAULT);
            episodes.add(new Episode(fault.getKey(), from, Instant.now()));
            Platform.get(platform.provider(FIRST).behave(Mode.healthy()));
            pause(RECOVERY);
        }
        requests.pause();
        requests.flush();
        awaitFinals();
        return tell(episodes);
    }

    private void awaitFinals() throws InterruptedException {
        Instant until = Instant.now().plusSeconds(30);
        while (statuses.finals() < requests.asked().size() && Instant.now().isBefore(until)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean tell(List<Episode> episodes) {
        Map<String, List<Told>> told = statuses.told().stream().collect(Collectors.groupingBy(Told::requestId));
        List<Seen> seen = platform.seen();
        boolean held = true;
        say(
                "%-20s %8s %9s %6s %7s %11s %9s %8s %9s",
                "fault", "requests", "noticed", "late", "slowest", "trial calls", "their max", "doubled", "violations");
        for (Episode episode : episodes) {
            List<Asked> asked = requests.asked().stream().filter(episode::has).toList();
            Balance balance = balance(asked, told, seen);
            List<String> violations = balance.violations().stream()
                    .filter(violation -> !(episode.fault().equals(REFUSED) && violation.endsWith(LOST_ON_THE_WAY)))
                    .toList();
            List<Asked> noticed = asked.stream()
                    .filter(request ->
                            request.recordedAt().isAfter(episode.from().plus(NOTICED)))
                    .toList();
            List<Asked> trials =
                    noticed.stream().filter(request -> attempted(told, request)).toList();
            List<Asked> others = noticed.stream()
                    .filter(request -> !attempted(told, request))
                    .toList();
            long late = others.stream()
                    .filter(request -> toSubmitted(told, request).compareTo(PROMPT) > 0)
                    .count();
            held &= late == 0 && violations.isEmpty();
            say(
                    "%-20s %8d %9d %6d %5.2f s %11d %7.2f s %8d %9d",
                    episode.fault(),
                    asked.size(),
                    noticed.size(),
                    late,
                    slowest(told, others),
                    trials.size(),
                    slowest(told, trials),
                    balance.doubles(),
                    violations.size());
            violations.stream().limit(5).forEach(violation -> say("  BROKEN %s", violation));
        }
        Map<String, Long> finals = new Balance(requests.asked(), statuses.told(), seen).finals();
        say("finals of all %d: %s", requests.asked().size(), finals);
        return held;
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

    private static double slowest(Map<String, List<Told>> told, List<Asked> requests) {
        return requests.stream()
                .mapToDouble(request -> toSubmitted(told, request).toMillis() / 1e3)
                .max()
                .orElse(0);
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
