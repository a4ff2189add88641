package dev.petrel.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.journal.SeenRequests.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenRequestsTest {
    private static final Duration WINDOW = Duration.ofMinutes(11);
    /** How much longer than the window an id may be remembered. */
    private static final Duration SLACK = WINDOW.dividedBy(128).plusMillis(2);

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
    void takesBytesForTheSameAsAString() {
        for (int length = 0; length < 40; length++) {
            String id = "0123456789abcdefghijklmnopqrstuvwxyzABCDEF".substring(0, length);
            byte[] bytes = id.getBytes(US_ASCII);
            assertThat(seen.see(bytes, length, NOW.toEpochMilli())).isEqualTo(Seen.FIRST);
            assertThat(seen.see(id, length, NOW)).isEqualTo(Seen.SAME_OFFSET);
            assertThat(seen.see(bytes, length + 1, NOW.toEpochMilli())).isEqualTo(Seen.DUPLICATE);
            assertThat(seen.find(id, 0, NOW)).isNotEqualTo(Seen.FIRST);
        }
    }

    @Test
    void askingRemembersNothing() {
        assertThat(seen.find("a", 0, NOW)).isEqualTo(Seen.FIRST);
        assertThat(seen.find("a", 0, NOW)).isEqualTo(Seen.FIRST);
        assertThat(seen.size()).isZero();
        seen.see("a", 0, NOW);
        assertThat(seen.find("a", 0, NOW.plus(WINDOW))).isNotEqualTo(Seen.FIRST);
        assertThat(seen.find("a", 0, NOW.plus(WINDOW).plus(SLACK))).isEqualTo(Seen.FIRST);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1L << 31, 1L << 32, (1L << 43) - 1, 1L << 43, (1L << 44) - 2})
    void keepsAnyOffset(long offset) {
        seen.see("a", offset, NOW);
        assertThat(seen.see("a", offset, NOW)).isEqualTo(Seen.SAME_OFFSET);
        assertThat(seen.see("a", offset + 1, NOW)).isEqualTo(Seen.DUPLICATE);
        assertThat(seen.see("a", offset ^ 1L << 43, NOW)).isEqualTo(Seen.DUPLICATE);
    }

    @Test
    void remembersForTheWindowAndForgetsSoonAfter() {
        seen.see("a", 0, NOW);
        keepBusy(NOW.plusSeconds(1));
        assertThat(seen.see("a", 1, NOW.plus(WINDOW))).isEqualTo(Seen.DUPLICATE);
        assertThat(seen.see("a", 1, NOW.plus(WINDOW).plus(SLACK))).isEqualTo(Seen.FIRST);
        assertThat(seen.see("a", 0, NOW.plus(WINDOW).plus(SLACK))).isEqualTo(Seen.DUPLICATE);
    }

    @Test
    void isNotRenewedByADuplicate() {
        seen.see("a", 0, NOW);
        seen.see("a", 1, NOW.plus(WINDOW));
        assertThat(seen.see("a", 2, NOW.plus(WINDOW).plus(SLACK))).isEqualTo(Seen.FIRST);
    }

    @Test
    void forgetsOldOnesWhileNewOnesCome() {
        for (int second = 0; second < 3_600; second++) {
            seen.see("id-" + second, second, NOW.plusSeconds(second));
        }
        assertThat(seen.size()).isBetween(660, 660 * 4 / 3);
        assertThat(seen.see("id-2940", 0, NOW.plusSeconds(3_600))).isEqualTo(Seen.DUPLICATE);
        assertThat(seen.see("id-2930", 0, NOW.plusSeconds(3_600))).isEqualTo(Seen.FIRST);
    }

    @Test
    void aClockThatGoesBackForgetsNothing() {
        seen.see("a", 0, NOW);
        assertThat(seen.see("b", 1, NOW.minusSeconds(3_600))).isEqualTo(Seen.FIRST);
        assertThat(seen.see("a", 1, NOW.minusSeconds(3_600))).isEqualTo(Seen.DUPLICATE);
        assertThat(seen.see("b", 2, NOW.plus(WINDOW))).isEqualTo(Seen.DUPLICATE);
    }

    /** Ids come again after any time, the clock goes on in steps and back a little, and what is in the slack may be both. */
    @Test
    void agreesWithAMapAtRandom() {
        long seed = new Random().nextLong();
        System.out.println("SeenRequestsTest: seed " + seed);
        Random random = new Random(seed);
        SeenRequests ids = new SeenRequests(WINDOW, seed);
        Map<String, Known> model = new HashMap<>();
        long clock = NOW.toEpochMilli();
        Map<Seen, Integer> told = new EnumMap<>(Seen.class);
        for (int i = 0; i < 600_000; i++) {
            long time = clock + random.nextInt(15) - 5;
            clock = Math.max(clock, time);
            String id = "id:" + (random.nextInt(4) == 0 ? random.nextInt(300_000) : i);
            long offset = random.nextInt(3);
            Known known = model.get(id);
            Seen answer = see(ids, id, offset, time, i % 2 == 0);
            Seen ifKnown = known != null && known.offset == offset ? Seen.SAME_OFFSET : Seen.DUPLICATE;
            if (known == null || clock - known.time >= WINDOW.plus(SLACK).toMillis()) {
                assertThat(answer).as("%d: %s", i, id).isEqualTo(Seen.FIRST);
            } else if (clock - known.time <= WINDOW.toMillis()) {
                assertThat(answer).as("%d: %s", i, id).isEqualTo(ifKnown);
            } else {
                assertThat(answer).as("%d: %s", i, id).isIn(Seen.FIRST, ifKnown);
            }
            if (answer == Seen.FIRST) {
                model.put(id, new Known(offset, clock));
            }
            told.merge(answer, 1, Integer::sum);
        }
        assertThat(told).hasSize(3);
        long end = clock;
        model.values().removeIf(known -> end - known.time > WINDOW.toMillis());
        assertThat(ids.size()).isBetween(model.size(), model.size() * 4 / 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000, 11_000, 14_000, 100_000, 300_000, 700_000, 1_000_000, 1_500_000})
    void takesFortyBytesAnIdAtMost(int count) {
        for (int i = 0; i < count; i++) {
            seen.see(("01JDG7W3V9K6Q2" + i).getBytes(US_ASCII), i, NOW.toEpochMilli() + i / 3);
        }
        assertThat(seen.size()).isEqualTo(count);
        assertThat((double) seen.bytes() / seen.size()).isBetween(28.0, 37.0);
    }

    @Test
    void takesLittleWhenEmpty() {
        assertThat(seen.bytes()).isLessThan(500);
    }

    @Test
    void givesMemoryBackAtOnceWhereNothingCameForAWindow() {
        fill(300_000);
        assertThat(seen.find("id-0", 0, NOW.plus(WINDOW).plus(SLACK))).isEqualTo(Seen.FIRST);
        assertThat(seen.size()).isZero();
        assertThat(seen.bytes()).isLessThan(500);
    }

    @Test
    void givesMemoryBackWhereIdsComeSlowly() {
        fill(300_000);
        long full = seen.bytes();
        keepBusy(NOW.plusSeconds(1));
        assertThat(seen.bytes()).isGreaterThanOrEqualTo(full);
        keepBusy(NOW.plus(WINDOW));
        assertThat(seen.size()).isLessThan(3_000);
        assertThat(seen.bytes()).isLessThan(full / 50);
        assertThat(seen.see("still", 0, NOW.plus(WINDOW.multipliedBy(2)))).isEqualTo(Seen.FIRST);
    }

    private void fill(int count) {
        for (int i = 0; i < count; i++) {
            seen.see("id-" + i, i, NOW);
        }
    }

    /** A new id every second, for a window. */
    private void keepBusy(Instant from) {
        for (int second = 0; second < WINDOW.toSeconds(); second++) {
            seen.see("busy-" + from.plusSeconds(second), second, from.plusSeconds(second));
        }
    }

    private static Seen see(SeenRequests ids, String id, long offset, long time, boolean bytes) {
        return bytes ? ids.see(id.getBytes(US_ASCII), offset, time) : ids.see(id, offset, Instant.ofEpochMilli(time));
    }

    private record Known(long offset, long time) {}
}
