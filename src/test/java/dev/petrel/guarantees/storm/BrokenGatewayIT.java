package dev.petrel.guarantees.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.guarantees.Trial;
import dev.petrel.simulator.Latency;
import dev.petrel.simulator.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each observer notices the mistake that it is there for, and none of them complains where there is none. */
@Tag("storm")
class BrokenGatewayIT {
    /** So long that it has joined before it leaves, on a busy machine too. */
    private static final Fault JOIN = Fault.of(Fault.Kind.VISIT, Schedule.VISITOR, seconds(2), seconds(20));

    private static final Fault KILL = Fault.of(Fault.Kind.KILL, 1, seconds(4), seconds(1));
    /** Once much is finished that is not committed, on a busy machine too. */
    private static final Fault LATE_KILL = Fault.of(Fault.Kind.KILL, 1, seconds(9), seconds(1));

    private static final Fault FREEZE = Fault.of(Fault.Kind.FREEZE, 1, seconds(6), seconds(14));
    private static final Fault TROUBLE =
            Fault.ofProviders(List.of("twilio-main", "sns-eu"), Mode.empty503(), seconds(2), seconds(10));
    private static final Fault ONE_IN_TROUBLE =
            Fault.ofProviders(List.of("twilio-main"), Mode.empty503(), seconds(2), seconds(4));

    /** A mistake need not do harm each time: on a busy machine the next owner may be too late to do any. */
    private static final int TRIES = 3;

    private static Site site;

    /** One line of Petrel, and what is wrong with it. */
    private enum Mistake {
        EXPIRES_IN_SILENCE(
                new EveryRequestGetsOneFirstFinal(),
                "delivery/Walk.java",
                "conclude(Status.EXPIRED, Reason.of(ReasonClass.EXPIRED, \"no provider took it in time\"));",
                "leaveNow();",
                14,
                TROUBLE),
        COMMITS_WHAT_IT_HAS_BEGUN(
                new NoCommitPastUnfinished(),
                "kafka/OffsetTracker.java",
                "return oldest < 0 ? next : oldest;",
                "return next;",
                6),
        FORGETS_THE_LIFE_OF_A_CODE(
                new NeverSentAfterExpiry(),
                "delivery/Gate.java",
                "return request.expiresAt().minus(config.get().minLife());",
                "return request.expiresAt();",
                14,
                TROUBLE),
        GIVES_BACK_WHAT_IS_IN_FLIGHT(
                new NotDoubledWhenClean(),
                "kafka/LeasedConsumer.java",
                "while (!await(drained) && System.nanoTime() - limit < 0) {",
                "while (drained.getCount() < 0) {",
                24,
                JOIN),
        FORGETS_FINALS_OF_OTHERS(
                new DoubledOnlyWhatWasOpen(),
                "journal/PartitionJournal.java",
                "finished.see(event.requestId(), event.offset(), 0);",
                "finished.find(event.requestId(), event.offset(), 0);",
                25,
                LATE_KILL),
        KEEPS_FAILURES_TO_ITSELF(new SeenIsTold(), "delivery/Walk.java", """
                        Future<Void> told = delivery.sink.publish(event, term);
                        told.onSuccess(acknowledged -> delivery.inFlight.release());
                        if (event.last()) {
                """, """
                        Future<Void> told = event.last() ? delivery.sink.publish(event, term) : Future.succeededFuture();
                        told.onSuccess(acknowledged -> delivery.inFlight.release());
                        if (event.last()) {
                """, 8, ONE_IN_TROUBLE),
        BELIEVES_THAT_IT_IS_STILL_THE_OWNER(
                new OnlyTheOwnerSends(),
                "delivery/Term.java",
                "return lease.getAsBoolean();",
                "return true;",
                22,
                TROUBLE,
                FREEZE),
        GOES_ON_AFTER_A_BLOCK(
                new BlockedStaysBlocked(),
                "journal/Consequence.java",
                "case FRAUD_BLOCKED, GEO_BLOCKED -> STOP;",
                "case FRAUD_BLOCKED, GEO_BLOCKED -> GO_ON;",
                6);

        private final Observer observer;
        private final String source;
        private final String text;
        private final String replacement;
        private final int seconds;
        private final List<Fault> faults;

        Mistake(Observer observer, String source, String text, String replacement, int seconds, Fault... faults) {
            this.observer = observer;
            this.source = source;
            this.text = text;
            this.replacement = replacement;
            this.seconds = seconds;
            this.faults = List.of(faults);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        site = new Site();
    }

    @AfterAll
    static void stop() throws Exception {
        site.close();
    }

    @ParameterizedTest
    @EnumSource(Mistake.class)
    void isFoundOutByTheObserverOfThatPromise(Mistake mistake) throws Exception {
        Path patch = BrokenGateway.with(mistake.source, mistake.text, mistake.replacement);
        List<?> violations = List.of();
        for (int seed = 1; seed <= TRIES && violations.isEmpty(); seed++) {
            History history = history(seed, mistake.seconds, mistake.faults, patch);
            assertThat(history.mishaps()).isEmpty();
            violations = mistake.observer.violations(history);
        }
        assertThat(violations).isNotEmpty();
    }

    @Test
    void nobodyComplainsOfAGatewayThatIsAsItShouldBe() throws Exception {
        History history = history(1, 24, List.of(KILL, TROUBLE, JOIN), null);
        assertThat(Observer.complaints(history)).isEmpty();
    }

    private static History history(int seed, int seconds, List<Fault> faults, @Nullable Path patch) throws Exception {
        Map<String, String> variables = new HashMap<>(Trial.QUICK);
        // answers take so long that much is always in flight, and that is no trouble
        for (String provider : List.of("TWILIO_MAIN", "SNS_EU")) {
            variables.put("PETREL_PROVIDERS_" + provider + "_CIRCUIT_BREAKER_SLOW_CALL", "10s");
            variables.put("PETREL_PROVIDERS_" + provider + "_TIMEOUT", "4s");
        }
        Weather weather = Weather.of(seed, seconds(seconds), faults)
                .withInstances(2)
                .withRate(40)
                .withLives(8, 60)
                .withLatency(Latency.of(2_000, 3_600))
                .withPatience(seconds(15))
                .withVariables(variables)
                .withPatch(patch);
        try (Storm storm = new Storm(site, weather, line -> {})) {
            return storm.play();
        }
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }
}
