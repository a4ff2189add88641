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
    void knowsContentAndTenantAndPlace() {
        Remembered.Entry entry = remembered.add("a", bytes("first"), "web", NOW);
        assertThat(remembered.find("a", NOW)).isSameAs(entry);
        assertThat(entry.isOf(bytes("first"))).isTrue();
        assertThat(entry.isOf(bytes("other"))).isFalse();
        assertThat(entry.isOf("web")).isTrue();
        assertThat(entry.isOf("shop")).isFalse();
        assertThat(entry.source()).isNull();

        assertThat(entry.write(() -> Future.succeededFuture(PLACE)).result()).isEqualTo(PLACE);
        assertThat(entry.source()).isEqualTo(PLACE);
    }

    @Test
    void oneIsWrittenOnceHoweverManyBringItMeanwhile() {
        Remembered.Entry entry = remembered.add("a", bytes("first"), "web", NOW);
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
        Remembered.Entry entry = remembered.add("a", bytes("first"), "web", NOW);
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
        remembered.add("a", bytes("1"), "web", NOW);
        remembered.add("b", bytes("2"), "web", NOW.plusSeconds(60));
        assertThat(remembered.find("a", NOW.plusSeconds(599))).isNotNull();
        assertThat(remembered.find("a", NOW.plusSeconds(600))).isNull();
        assertThat(remembered.find("b", NOW.plusSeconds(600))).isNotNull();

        for (String id : new String[] {"c", "d", "e"}) {
            assertThat(remembered.find(id, NOW.plusSeconds(600))).isNull();
            remembered.add(id, bytes("3"), "web", NOW.plusSeconds(600));
        }
        assertThat(remembered.find("b", NOW.plusSeconds(600))).isNull();
        assertThat(remembered.find("e", NOW.plusSeconds(600))).isNotNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
