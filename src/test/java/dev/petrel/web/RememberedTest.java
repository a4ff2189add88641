package dev.petrel.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final Source PLACE = new Source("sms.requests", 3, 1182);

    private final Remembered remembered = new Remembered(3, Duration.ofMinutes(10));

    @Test
    void knowsContentAndPlaceOfATenantsOwn() {
        Remembered.Entry entry = remembered.add("web", "a", bytes("first"), NOW);
        assertThat(remembered.find("web", "a", NOW)).isSameAs(entry);
        assertThat(entry.isOf(bytes("first"))).isTrue();
        assertThat(entry.isOf(bytes("other"))).isFalse();
        assertThat(remembered.find("shop", "a", NOW))
                .as("nobody's ids can be found out")
                .isNull();
        assertThat(entry.source()).isNull();

        assertThat(entry.write(() -> Future.succeededFuture(PLACE)).result()).isEqualTo(PLACE);
        assertThat(entry.source()).isEqualTo(PLACE);
    }

    @Test
    void oneIsWrittenOnceHoweverManyBringItMeanwhile() {
        Remembered.Entry entry = remembered.add("web", "a", bytes("first"), NOW);
        Promise<Source> written = Promise.promise();
        AtomicInteger writes = new AtomicInteger();
        Future<Source> first = entry.write(() -> {
            writes.incrementAndGet();
            return written.future();
        });
        Future<Source> second = entry.write(() -> {
            writes.incrementAndGet();
            return written.future();
        });
        written.complete(PLACE);

        assertThat(first.result()).isEqualTo(PLACE);
        assertThat(second.result()).isEqualTo(PLACE);
        assertThat(writes).hasValue(1);
    }

    @Test
    void whatFailedIsWrittenAgain() {
        Remembered.Entry entry = remembered.add("web", "a", bytes("first"), NOW);
        assertThat(entry.write(() -> Future.failedFuture("no broker")).failed()).isTrue();
        assertThat(entry.write(() -> {
                            throw new IllegalStateException("a bug");
                        })
                        .failed())
                .isTrue();

        assertThat(entry.write(() -> Future.succeededFuture(PLACE)).result()).isEqualTo(PLACE);
    }

    @Test
    void forgetsAfterItsWindowAndBeyondItsNumber() {
        remembered.add("web", "a", bytes("1"), NOW);
        remembered.add("web", "b", bytes("2"), NOW.plusSeconds(60));
        assertThat(remembered.find("web", "a", NOW.plusSeconds(599))).isNotNull();
        assertThat(remembered.find("web", "a", NOW.plusSeconds(600))).isNull();
        assertThat(remembered.find("web", "b", NOW.plusSeconds(600))).isNotNull();

        for (String id : new String[] {"c", "d", "e"}) {
            assertThat(remembered.find("web", id, NOW.plusSeconds(600))).isNull();
            remembered.add("web", id, bytes("3"), NOW.plusSeconds(600));
        }
        assertThat(remembered.find("web", "b", NOW.plusSeconds(600))).isNull();
        assertThat(remembered.find("web", "e", NOW.plusSeconds(600))).isNotNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
