package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitTest {
    private final List<Integer> halts = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Exit exit = new Exit(Duration.ofMillis(10), halts::add, lines::add);

    @Test
    void aStopThatWentWellEndsWithZero() {
        exit.stop(() -> Future.succeededFuture());

        assertThat(halts).containsExactly(0);
        assertThat(lines).isEmpty();
    }

    @Test
    void aStopThatDoesNotEndIsEnded() {
        exit.stop(() -> Promise.<Void>promise().future());

        assertThat(halts).containsExactly(1);
        assertThat(lines).singleElement().asString().contains("did not end");
    }

    @Test
    void aStopThatFailsSaysWhy() {
        exit.stop(() -> Future.failedFuture(new IOException("no drain")));

        assertThat(halts).containsExactly(1);
        assertThat(lines).containsExactly("petrel: no drain");
    }

    @Test
    void aGatewayThatCantGoOnEndsWithThree() {
        exit.broken("fenced");

        assertThat(halts).containsExactly(3);
        assertThat(lines).containsExactly("petrel: can't go on: fenced");
    }

    @Test
    void endsOnce() {
        exit.notStarted(List.of("a", "b"), 1);
        exit.broken("c");
        exit.stop(() -> Future.succeededFuture());

        assertThat(halts).containsExactly(1);
        assertThat(lines).containsExactly("a", "b");
    }
}
