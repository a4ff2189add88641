package dev.petrel.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.scenarios.SimulatedProvider.Mood;
import dev.petrel.testing.DeliveryStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Outages of providers on a timeline, in virtual time: five minutes at 50 requests a second. The results are kept in a
 * file, so that a change in behaviour shows in its diff: run with {@code -Dscenarios.write=true} to write it anew.
 */
class ScenariosTest {
    private static final Path KEPT = Path.of("src/test/resources/scenarios.txt");
    private static final Duration LENGTH = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final int PER_SECOND = 50;

    private static final Map<String, Consumer<Stage>> SCENARIOS = scenarios();

    private static Map<String, Consumer<Stage>> scenarios() {
        Map<String, Consumer<Stage>> all = new LinkedHashMap<>();
        all.put("calm", stage -> {});
        all.put(
                "first is a black hole for a minute",
                stage -> stage.a.from(s(60), Mood.BLACK_HOLE).from(s(120), Mood.HEALTHY));
        all.put(
                "first fails fast then reverts",
                stage -> stage.a.from(s(60), Mood.FAST_FAILURES).from(s(120), Mood.HEALTHY));
        all.put(
                "first refuses connections",
                stage -> stage.a.from(s(60), Mood.REFUSED).from(s(120), Mood.HEALTHY));
        all.put(
                "first slows down drastically",
                stage -> stage.a.from(s(60), Mood.SLOW).from(s(120), Mood.HEALTHY));
        all.put("first throttles", stage -> stage.a.from(s(60), Mood.THROTTLED).from(s(120), Mood.HEALTHY));
        all.put(
                "first answers rubbish",
                stage -> stage.a.from(s(60), Mood.RUBBISH).from(s(120), Mood.HEALTHY));
        all.put("uncommon flakes on both", stage -> {
            stage.a.from(s(0), Mood.FLAKY);
            stage.b.from(s(0), Mood.FLAKY);
        });
        all.put("both refuse for eight seconds", stage -> {
            stage.a.from(s(60), Mood.REFUSED).from(s(68), Mood.HEALTHY);
            stage.b.from(s(60), Mood.REFUSED).from(s(68), Mood.HEALTHY);
        });
        all.put("both are black holes for half a minute", stage -> {
            stage.a.from(s(60), Mood.BLACK_HOLE).from(s(90), Mood.HEALTHY);
            stage.b.from(s(60), Mood.BLACK_HOLE).from(s(90), Mood.HEALTHY);
        });
        all.put("both are gone for good", stage -> {
            stage.a.from(s(60), Mood.REFUSED);
            stage.b.from(s(60), Mood.REFUSED);
        });
        all.put("first hangs, then second throttles", stage -> {
            stage.a.from(s(60), Mood.BLACK_HOLE).from(s(120), Mood.HEALTHY);
            stage.b.from(s(90), Mood.THROTTLED).from(s(120), Mood.HEALTHY);
        });
        return all;
    }

    private static Duration s(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void behaveAsTheFileSays() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# five minutes at " + PER_SECOND
                + " requests/s, each living a minute; seconds are from request to submitted");
        SCENARIOS.forEach((name, timeline) -> lines.add(new Stage(timeline).play(name)));

        if (Boolean.getBoolean("scenarios.write")) {
            Files.write(KEPT, lines);
        }
        assertThat(lines).containsExactlyElementsOf(Files.readAllLines(KEPT));
    }

    @Test
    void noScenarioBreaksAPromise() {
        SCENARIOS.forEach((name, timeline) -> {
            Stage stage = new Stage(timeline);
            stage.play(name);
            stage.assertPromises(name);
        });
    }

    /** One scenario being played. */
    private static final class Stage {
        final DeliveryStage stage = DeliveryStage.ab();
        final SimulatedProvider a = new SimulatedProvider(stage.time);
        final SimulatedProvider b = new SimulatedProvider(stage.time);
        private int requests;

        Stage(Consumer<Stage> timeline) {
            timeline.accept(this);
            stage.provider("a").alwaysBy(a.answers());
            stage.provider("b").alwaysBy(b.answers());
        }

        String play(String name) {
            while (stage.time.elapsed().compareTo(LENGTH) < 0) {
                stage.deliver(stage.request("r" + requests++, LIFE));
                stage.advance(Duration.ofMillis(1000 / PER_SECOND));
            }
            stage.advance(LIFE.plusSeconds(10));
            return describe(name);
        }

        private String describe(String name) {
            List<Double> seconds = stage.sink.events().stream()
                    .filter(event -> event.status() == Status.SUBMITTED)
                    .map(event -> event.elapsed().toMillis() / 1000.0)
                    .sorted()
                    .toList();
            return String.format(
                    Locale.ROOT,
                    "%-40s requests %d submitted %d expired %d failed %d | p50 %.2f p99 %.2f max %.2f | seen a %d b %d copies %d",
                    name,
                    requests,
                    count(Status.SUBMITTED),
                    count(Status.EXPIRED),
                    count(Status.FAILED),
                    at(seconds, 0.5),
                    at(seconds, 0.99),
                    at(seconds, 1),
                    stage.provider("a").seen().size(),
                    stage.provider("b").seen().size(),
                    stage.sink.events().stream()
                            .filter(event -> event.attempt() != null)
                            .filter(event -> switch (event.attempt().result()) {
                                case ACCEPTED, AMBIGUOUS -> true;
                                default -> false;
                            })
                            .count());
        }

        private static double at(List<Double> sorted, double share) {
            return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(sorted.size() * share) - 1);
        }

        private long count(Status status) {
            return stage.sink.events().stream()
                    .filter(event -> event.status() == status)
                    .count();
        }

        void assertPromises(String name) {
            long finals = stage.sink.events().stream().filter(StatusEvent::last).count();
            assertThat(finals).as("%s: one final each", name).isEqualTo(requests);
            assertThat(stage.sink.events().stream()
                            .filter(StatusEvent::last)
                            .map(StatusEvent::requestId)
                            .distinct())
                    .as("%s: one final each", name)
                    .hasSize(requests);
            stage.providers.values().forEach(provider -> {
                assertThat(provider.seen())
                        .as("%s: nothing is sent with less than the minimum life left", name)
                        .allSatisfy(seen -> assertThat(seen.at())
                                .isBeforeOrEqualTo(seen.submission().expiresAt().minusSeconds(5)));
                long told = stage.sink.events().stream()
                        .filter(event -> event.attempt() != null
                                && event.attempt().provider().equals(provider.id()))
                        .count();
                assertThat(told)
                        .as("%s: what was seen is told", name)
                        .isEqualTo(provider.seen().size());
            });
            assertThat(stage.inFlight.count())
                    .as("%s: every permit came back", name)
                    .isZero();
            assertThat(stage.held.count()).as("%s: nothing is held", name).isZero();
            assertThat(stage.term.outstanding())
                    .as("%s: nothing is outstanding", name)
                    .isZero();
        }
    }
}
