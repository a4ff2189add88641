package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeardIdsTest {
    @Test
    void knowsEachAndTakesHardlyAStrangerForOne() {
        HeardIds heard = new HeardIds();
        for (int i = 0; i < HeardIds.MOST; i++) {
            assertThat(heard.add(id(i))).isFalse();
        }

        assertThat(IntStream.range(0, HeardIds.MOST).filter(i -> !heard.contains(id(i))))
                .isEmpty();
        long strangers = IntStream.range(HeardIds.MOST, 2 * HeardIds.MOST)
                .filter(i -> heard.contains(id(i)))
                .count();
        assertThat(strangers).as("of 838,860; 75 are expected").isBetween(20L, 200L);
    }

    @Test
    void forgetsTheElderHalfAndSaysSo() {
        HeardIds heard = new HeardIds(10);
        for (int i = 0; i < 30; i++) {
            assertThat(heard.add(id(i))).isEqualTo(i == 10 || i == 20);
        }

        assertThat(heard.contains(id(9))).isFalse();
        assertThat(IntStream.range(10, 30)).allMatch(i -> heard.contains(id(i)));
    }

    private static byte[] id(int number) {
        return ("01JDG7W3V9K6" + number).getBytes(UTF_8);
    }
}
