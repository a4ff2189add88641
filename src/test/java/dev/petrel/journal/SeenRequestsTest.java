package dev.petrel.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.journal.SeenRequests.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenRequestsTest {
    private static final Duration WINDOW = Duration.ofMinutes(11);
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");

    private final SeenRequests seen = new SeenRequests(WINDOW, 4711);

    @Test
    void tellsTheFirstFromTheSameAndFromADuplicate() {
        assertThat(seen.see("a", 0, NOW)).isEqualTo(Seen.FIRST);
        assertThat(seen.see("a", 0, NOW)).isEqualTo(Seen.SAME_OFFSET);
        assertThat(seen.see("a", 1, NOW)).isEqualTo(Seen.DUPLICATE);
        assertThat(seen.see("a", 0, NOW)).isEqualTo(Seen.SAME_OFFSET);
        assertThat(seen.size()).isEqualTo(1);
    }

    @Test
    void tellsIdsApartThatDifferInOneCharacterAtAnyPlace() {
        String id = "0123456789abcdef".repeat(4);
        assertThat(seen.see(id, 0, NOW)).isEqualTo(Seen.FIRST);
        for (int i = 0; i < id.length(); i++) {
            String other = id.substring(0, i) + '_' + id.substring(i + 1);
            assertThat(seen.see(other, i, NOW)).as("at %d", i).isEqualTo(Seen.FIRST);
            assertThat(seen.see(id.substring(0, i), i, NOW)).as("up to %d", i).isEqualTo(Seen.FIRST);
        }
    }

    @Test
    void remembersForTheWindowAndForgetsSoonAfter() {
        seen.see("a", 0, NOW);
        assertThat(seen.see("a", 1, NOW.plus(WINDOW))).isEqualTo(Seen.DUPLICATE);
        Instant later = NOW.plus(WINDOW).plus(WINDOW.dividedBy(8)).plusMillis(1);
        assertThat(seen.see("a", 1, later)).isEqualTo(Seen.FIRST);
        assertThat(seen.size()).isEqualTo(1);
    }

    @Test
    void forgetsOldOnesWhileNewOnesCome() {
        for (int second = 0; second < 3_600; second++) {
            seen.see("id-" + second, second, NOW.plusSeconds(second));
        }
        assertThat(seen.size()).isBetween(660, 660 + 660 / 8 + 2);
        assertThat(seen.see("id-3000", 0, NOW.plusSeconds(3_600))).isEqualTo(Seen.DUPLICATE);
        assertThat(seen.see("id-2800", 0, NOW.plusSeconds(3_600))).isEqualTo(Seen.FIRST);
    }

    @Test
    void aClockThatGoesBackForgetsNothing() {
        seen.see("a", 0, NOW);
        assertThat(seen.see("b", 1, NOW.minusSeconds(3_600))).isEqualTo(Seen.FIRST);
        assertThat(seen.see("a", 1, NOW.minusSeconds(3_600))).isEqualTo(Seen.DUPLICATE);
    }

    @Test
    void agreesWithAMapAtRandom() {
        long seed = new Random().nextLong();
        System.out.println("SeenRequestsTest: seed " + seed);
        Random random = new Random(seed);
        SeenRequests ids = new SeenRequests(WINDOW, seed);
        Map<String, Long> model = new HashMap<>();
        for (long offset = 0; offset < 100_000; offset++) {
            String id = "id:" + random.nextInt(60_000);
            Long first = model.putIfAbsent(id, offset);
            assertThat(ids.see(id, offset, NOW)).isEqualTo(first == null ? Seen.FIRST : Seen.DUPLICATE);
        }
        assertThat(ids.size()).isEqualTo(model.size());
    }

    @Test
    void takesFortyBytesAnIdAtMostOnceThereAreMany() {
        for (int i = 0; i < 300_000; i++) {
            seen.see("01JDG7W3V9K6Q2" + i, i, NOW.plusMillis(i));
        }
        assertThat(seen.bytes() / seen.size()).isLessThanOrEqualTo(40);
    }
}
