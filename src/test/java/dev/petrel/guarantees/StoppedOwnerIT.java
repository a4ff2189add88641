package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Latency;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The owner of open requests is stopped for longer than its session, as by a long pause of its collector, and then goes
 * on as if nothing had been. Meanwhile another has taken over: the sleeper may tell what came of the attempts it had
 * begun, and decides nothing and sends nothing.
 */
class StoppedOwnerIT {
    private static final int REQUESTS = 50;
    /** Over before the sleeper wakes; and not over by far. */
    private static final List<Integer> LIVES = List.of(12, 120);

    private static final Duration SLEEP = Duration.ofSeconds(20);
    private static final Duration MIN_LIFE = Duration.ofSeconds(5);
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    /** What the requests wait for when their owner is stopped. */
    private enum Open {
        /** The provider takes them while the owner sleeps. */
        ANSWER_COMES_LATE,
        /** The provider hangs. */
        NO_ANSWER_COMES,
        /** Providers were in trouble, and are well again when the owner wakes. */
        NEXT_ROUND
    }

    @ParameterizedTest
    @EnumSource(Open.class)
    void decidesAndSendsNothingOnceItIsAwakeAgain(Open how) throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared());
                StatusReader statuses = platform.statuses(event -> {});
                RequestStream requests = platform.requests("s-");
                GatewayProcess sleeper = gateway(platform, "sleeper");
                GatewayProcess other = gateway(platform, "other")) {
            await().atMost(LONG).until(() -> sleeper.ready() && other.ready() && Owners.are(2, statuses));
            trouble(platform, how);
            List<String> numbers = Owners.numbersOf(statuses, "sleeper");
            for (int i = 0; i < REQUESTS; i++) {
                String to = numbers.get(i % numbers.size());
                requests.ask(LIVES.get(i % LIVES.size()), fields -> fields.put("to", to));
            }
            requests.flush();
            await().atMost(LONG)
                    .until(() -> how == Open.NEXT_ROUND
                            // by then the breakers are open too, and the others wait without an attempt
                            ? statuses.told().size() >= 40
                            : platform.seen().size() == REQUESTS);
            assertThat(statuses.finals()).as("finals before it is stopped").isZero();

            sleeper.freeze();
            Instant stopped = Instant.now();
            Platform.get(platform.provider("sns-eu").behave(Mode.healthy()));
            Platform.get(platform.provider("twilio-main").behave(Mode.healthy()));
            await().atMost(LONG).until(() -> Instant.now().isAfter(stopped.plus(SLEEP)));
            Instant woken = Instant.now();
            sleeper.wake();
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(requests.asked()).allMatch(request -> statuses.isOver(request.requestId())));
            assertThat(other.terminate()).isZero();
            assertThat(sleeper.terminate()).isZero();
            try (Admin admin = platform.admin()) {
                long written = TopicEnds.total(admin, platform.statusTopic());
                await().atMost(LONG).until(() -> statuses.records().size() == written);
            }

            List<Seen> seen =
                    how == Open.NEXT_ROUND ? withoutTheOneThatWasBeingWritten(platform.seen(), woken) : platform.seen();
            assertThat(violations(requests.asked(), statuses, seen, woken)).isEmpty();
        }
    }

    /**
     * Who is stopped between his last look at the lease and the write of the request that he is at sends it when he is woken, and
     * nobody can keep him from that. It is one at the most: there is one event loop. Here it is about those who look again.
     */
    private static List<Seen> withoutTheOneThatWasBeingWritten(List<Seen> seen, Instant woken) {
        List<Seen> late = seen.stream()
                .filter(call -> call.sender().equals("sleeper") && !call.at().isBefore(woken))
                .toList();
        return late.size() == 1
                ? seen.stream().filter(call -> call != late.get(0)).toList()
                : seen;
    }

    private static List<String> violations(List<Asked> asked, StatusReader statuses, List<Seen> seen, Instant woken) {
        List<String> violations = new ArrayList<>();
        Map<String, List<Seen>> calls = seen.stream().collect(Collectors.groupingBy(Seen::text));
        for (Asked request : asked) {
            String id = request.requestId();
            Told last = statuses.finalOf(id).orElseThrow();
            if (last.writer().startsWith("sleeper/") && !last.recordedAt().isBefore(woken)) {
                violations.add(id + " is decided by the sleeper: " + last.status());
            }
            Instant latest = request.expiresAt().minus(MIN_LIFE).plus(ON_THE_WAY);
            for (Seen call : calls.getOrDefault(request.text(), List.of())) {
                if (call.at().isAfter(latest)) {
                    violations.add(id + " is sent after its expiry by " + call.sender());
                }
                if (call.sender().equals("sleeper") && !call.at().isBefore(woken)) {
                    violations.add(id + " is sent by the sleeper once it is awake");
                }
                if (statuses.told(id).stream()
                        .anyMatch(event -> event.status().equals("submitted")
                                && event.recordedAt().isBefore(call.at()))) {
                    violations.add(id + " is sent though it was told that somebody had taken it");
                }
                if (call.accepted() && statuses.told(id).stream().noneMatch(event -> tells(event, call))) {
                    violations.add(id + " was taken from " + call.sender() + ", and nobody tells of it");
                }
            }
        }
        return violations;
    }

    private static boolean tells(Told event, Seen call) {
        return event.isAttempt()
                && event.provider().equals(call.provider())
                && (event.result().equals("ambiguous")
                        || event.event()
                                .path("attempt")
                                .path("providerMessageId")
                                .asText()
                                .equals(call.messageId()));
    }

    private static void trouble(Platform platform, Open how) throws Exception {
        switch (how) {
            case ANSWER_COMES_LATE ->
                Platform.get(platform.provider("twilio-main")
                        .behave(Behavior.healthy().withLatency(Latency.fixed(Duration.ofMillis(2_500)))));
            case NO_ANSWER_COMES ->
                Platform.get(platform.provider("twilio-main").behave(Mode.blackHole()));
            case NEXT_ROUND -> {
                Platform.get(platform.provider("twilio-main").behave(Mode.empty503()));
                Platform.get(platform.provider("sns-eu").behave(Mode.empty503()));
            }
        }
    }

    private static GatewayProcess gateway(Platform platform, String name) throws Exception {
        Path settings = platform.settingsFile(name, "");
        settings.toFile().deleteOnExit();
        return new GatewayProcess.Launch(
                        Map.of(
                                "PETREL_INSTANCE_ID", name,
                                "PETREL_PROVIDERS_TWILIO_MAIN_FROM", name,
                                "PETREL_PROVIDERS_SNS_EU_SENDER_ID", name),
                        null,
                        null)
                .start("--config", settings.toString());
    }
}
