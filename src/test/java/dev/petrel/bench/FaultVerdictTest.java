package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.bench.FaultVerdict.Limits;
import dev.petrel.bench.FaultVerdict.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultVerdictTest {
    private static final Instant FAULT = Instant.parse("2026-11-24T04:05:00Z");
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(1), Duration.ofSeconds(4), 2, Duration.ofSeconds(10), 6);

    private final List<Sent> requests = new ArrayList<>();

    @Test
    void holdsWhereTheLastLateRequestWasMadeWithinTheLimit() {
        request(1000, 3050, true);
        request(4000, 1001, true);
        request(4001, 1000, false);

        FaultVerdict verdict = verdict();

        assertThat(verdict.held()).isTrue();
        assertThat(verdict.requests()).isEqualTo(3);
        assertThat(verdict.late()).isEqualTo(2);
        assertThat(verdict.lastLateSeconds()).isEqualTo(4.0);
        assertThat(verdict.limitSeconds()).isEqualTo(4.0);
        assertThat(verdict.slowestSeconds()).isEqualTo(1.0);
    }

    @Test
    void isBrokenByALateRequestThatWasMadeAMillisecondLater() {
        request(4001, 1001, false);

        assertThat(verdict().held()).isFalse();
        assertThat(verdict().lastLateSeconds()).isEqualTo(4.001);
    }

    @Test
    void exceptsTheCallsOfAHalfOpenBreakerAndCountsThem() {
        request(10_000, 3010, true);
        request(10_005, 3010, true);
        request(10_010, 20, false);
        request(20_000, 3010, true);
        request(20_005, 20, true);

        FaultVerdict verdict = verdict();

        assertThat(verdict.held()).isTrue();
        assertThat(verdict.late()).isZero();
        assertThat(verdict.lastLateSeconds()).isNull();
        assertThat(verdict.halfOpenLate()).isEqualTo(3);
        assertThat(verdict.tried()).isEqualTo(4);
        assertThat(verdict.slowestHalfOpenSeconds()).isEqualTo(3.01);
        assertThat(verdict.slowestSeconds()).isEqualTo(0.02);
    }

    @Test
    void exceptsNoMoreOfThemThanABreakerMayMake() {
        request(10_000, 3010, true);
        request(10_005, 3010, true);
        request(19_999, 3010, true);

        FaultVerdict verdict = verdict();

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.halfOpenLate()).isEqualTo(2);
        assertThat(verdict.lastLateSeconds()).isEqualTo(19.999);
    }

    @Test
    void exceptsNoLateRequestThatTheFailedProviderDidNotGet() {
        request(10_000, 1500, false);

        assertThat(verdict().held()).isFalse();
        assertThat(verdict().halfOpenLate()).isZero();
    }

    @Test
    void isBrokenWhereTheFaultMetNobody() {
        request(10_000, 20, false);

        assertThat(verdict().held()).isFalse();
    }

    @Test
    void isBrokenByABrokenPromise() {
        request(10_000, 20, true);

        assertThat(FaultVerdict.of("refuse", FAULT, LIMITS, 0, requests, 0, List.of("P1 a has 0 finals"))
                        .held())
                .isFalse();
    }

    @Test
    void showsNothingWhereManyWereLateBeforeTheFault() {
        request(5000, 30_000, false);
        FaultVerdict verdict = FaultVerdict.of("refuse", FAULT, LIMITS, 7, requests, 0, List.of());

        assertThat(verdict.held()).isFalse();
        assertThat(verdict.lateBefore()).isEqualTo(7);
        assertThat(verdict.line()).endsWith("NOT SHOWN: late before it");
        assertThat(FaultVerdict.of("refuse", FAULT, LIMITS, 6, requests, 0, List.of())
                        .line())
                .endsWith("BROKEN");
        assertThat(FaultVerdict.of("refuse", FAULT, LIMITS, 7, requests, 0, List.of("P1 a has 0 finals"))
                        .line())
                .endsWith("BROKEN");
    }

    private void request(long madeMillis, long tookMillis, boolean tried) {
        requests.add(new Sent(FAULT.plusMillis(madeMillis), Duration.ofMillis(tookMillis), tried));
    }

    private FaultVerdict verdict() {
        return FaultVerdict.of("refuse", FAULT, LIMITS, 0, requests, 0, List.of());
    }
}
