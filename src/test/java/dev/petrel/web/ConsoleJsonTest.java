package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.availability.Sighting;
import dev.petrel.console.Console;
import dev.petrel.console.Happening;
import dev.petrel.console.InstanceLine;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConsoleJsonTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");

    /** Whoever has the first and every change has what he would have if he came now. */
    @Test
    void changesAddUpToTheWhole() {
        Random random = new Random(7);
        Console console = new Console();
        Instant now = NOW;
        ConsoleJson before = json(console, now);
        JsonObject page = new JsonObject(before.whole());
        for (int second = 1; second < 1200; second++) {
            now = NOW.plusSeconds(second);
            if (random.nextInt(3) > 0 && second < 200) {
                happens(console, random, second, now);
            }
            ConsoleJson next = json(console, now);
            apply(page, new JsonObject(next.since(before)));
            before = next;
            assertThat(page).isEqualTo(sorted(new JsonObject(next.whole())));
        }
        assertThat(page.getJsonArray("cells")).isEmpty();
    }

    private static void happens(Console console, Random random, int second, Instant now) {
        boolean fails = random.nextInt(4) == 0;
        console.saw(new Happening(
                new Sighting(
                        second,
                        List.of("US", "CA", "IN").get(random.nextInt(3)),
                        fails ? Status.ATTEMPT_FAILED : Status.SUBMITTED,
                        !fails,
                        null,
                        fails ? ReasonClass.UNAVAILABLE : null,
                        random.nextBoolean() ? "sns-eu" : "twilio-main",
                        now.toEpochMilli() - 100,
                        now.toEpochMilli()),
                fails ? SubmitResult.Kind.UNAVAILABLE : SubmitResult.Kind.ACCEPTED,
                80,
                random.nextInt(5) == 0 ? List.of(new Skip("third", SkipReason.BREAKER_OPEN)) : List.of()));
        console.heard(new InstanceLine(
                "petrel-" + random.nextInt(2), now, true, List.of(0), Duration.ZERO, 1, 2, 3, 0, Map.of()));
    }

    private static ConsoleJson json(Console console, Instant now) {
        return ConsoleJson.of(console.board(now, 4, List.of(), true, null), "petrel-0", new JsonArray());
    }

    /** As the page does it. */
    private static void apply(JsonObject page, JsonObject change) {
        Map<String, JsonObject> cells = new TreeMap<>();
        for (Object cell : page.getJsonArray("cells")) {
            cells.put(key((JsonObject) cell), (JsonObject) cell);
        }
        for (Object cell : change.getJsonArray("cells", new JsonArray())) {
            cells.put(key((JsonObject) cell), (JsonObject) cell);
        }
        for (Object key : change.getJsonArray("gone", new JsonArray())) {
            assertThat(cells.remove((String) key)).isNotNull();
        }
        change.remove("gone");
        page.mergeIn(change);
        page.put("cells", new JsonArray(List.copyOf(cells.values())));
    }

    private static JsonObject sorted(JsonObject page) {
        JsonObject none = new JsonObject();
        apply(page, none);
        return page;
    }

    private static String key(JsonObject cell) {
        return cell.getString("provider") + "/" + cell.getString("country");
    }
}
