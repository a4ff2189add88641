package dev.petrel.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.SkipReason;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Results;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuardedProviderTest {
    private final DeliveryStage stage = DeliveryStage.ab();
    private final GuardedProvider a = stage.guarded.get("a");
    private int count;

    private void see(int times, SubmitResult result) {
        for (int i = 0; i < times; i++) {
            stage.provider("a").then(result);
            stage.deliver("r" + count++);
        }
    }

    @Test
    void theBreakerOpensAtHalfOfTwentyCalls() {
        see(10, Results.accepted("m"));
        see(9, Results.serverError());
        assertThat(a.shut()).isNull();

        see(1, Results.serverError());

        assertThat(a.shut()).isEqualTo(SkipReason.BREAKER_OPEN);
    }

    @Test
    void whatIsNotCountedNeitherOpensNorKeepsItClosed() {
        see(100, Results.rejected(ReasonClass.OPTED_OUT));
        see(19, Results.serverError());
        assertThat(a.shut()).isNull();

        see(1, Results.serverError());

        assertThat(a.shut()).isEqualTo(SkipReason.BREAKER_OPEN);
    }

    @Test
    void slowCallsOpenIt() {
        stage.provider("a").always(Results.accepted("m"), Duration.ofMillis(2001));
        for (int i = 0; i < 20; i++) {
            stage.deliver("slow" + i);
        }

        stage.advance(Duration.ofMillis(2001));

        assertThat(a.shut()).isEqualTo(SkipReason.BREAKER_OPEN);
    }

    @Test
    void trialCallsCloseItAgainAfterTenSeconds() {
        see(20, Results.serverError());
        stage.advance(Duration.ofMillis(10_001));
        assertThat(a.shut()).isNull();

        see(10, Results.accepted("m"));

        stage.provider("a").always(Results.accepted("m"), Duration.ofSeconds(1));
        int before = stage.provider("a").seen().size();
        for (int i = 0; i < 50; i++) {
            stage.deliver("after" + i);
        }
        assertThat(stage.provider("a").seen()).hasSize(before + 50);
    }

    @Test
    void noMoreThanTheTrialCallsGoThroughAHalfOpenBreaker() {
        see(20, Results.serverError());
        stage.advance(Duration.ofMillis(10_001));
        int before = stage.provider("a").seen().size();
        stage.provider("a").alwaysHang();

        for (int i = 0; i < 50; i++) {
            stage.deliver("trial" + i);
        }

        assertThat(stage.provider("a").seen()).hasSize(before + 10);
    }

    @Test
    void trialCallsThatDoNotCountAreGivenBack() {
        see(20, Results.serverError());
        stage.advance(Duration.ofMillis(10_001));

        see(30, Results.rejected(ReasonClass.OPTED_OUT));

        see(10, Results.accepted("m"));
        assertThat(a.shut()).isNull();
        see(1, Results.accepted("m"));
        assertThat(stage.story("r" + (count - 1))).containsExactly("submitted a");
    }

    @Test
    void itBeginsAnewWhenItsOwnNumbersChangeAndOnlyThen() {
        ProviderConfig usual = stage.config.get("a");
        see(20, Results.serverError());
        stage.config.put("a", usual.withoutPace());
        assertThat(a.shut()).isEqualTo(SkipReason.BREAKER_OPEN);

        BreakerConfig strict = new BreakerConfig("a", 50, Duration.ofSeconds(2), 80, 10, 5, Duration.ofSeconds(10), 10);
        stage.config.put("a", new ProviderConfig("a", usual.timeout(), 500, null, usual.maxWait(), strict));
        assertThat(a.shut()).isNull();

        see(5, Results.serverError());
        assertThat(a.shut()).isEqualTo(SkipReason.BREAKER_OPEN);
        stage.advance(Duration.ofMillis(10_001));
        assertThat(a.shut()).isNull();
    }

    @Test
    void aProviderFaultOpensItAtOnce() {
        see(1, Results.rejected(ReasonClass.PROVIDER_FAULT));

        assertThat(a.shut()).isEqualTo(SkipReason.BREAKER_OPEN);
        assertThat(stage.counter("petrel.alerts", "kind", "provider_fault")).isEqualTo(1);
    }

    @Test
    void aRestIsNoLongerThanAMinuteWhateverTheProviderAsksFor() {
        see(1, Results.throttled(Duration.ofDays(1)));

        stage.advance(Duration.ofMillis(59_999));
        assertThat(a.shut()).isEqualTo(SkipReason.RESTING);
        stage.advance(Duration.ofMillis(1));
        assertThat(a.shut()).isNull();
    }

    @Test
    void aShorterRetryAfterDoesNotCutALongerRestShort() {
        stage.provider("a").then(Results.throttled(Duration.ofSeconds(20)), Duration.ofMillis(10));
        stage.provider("a").then(Results.throttled(Duration.ofSeconds(1)), Duration.ofMillis(20));
        stage.deliver("first");
        stage.deliver("second");

        stage.advance(Duration.ofSeconds(15));

        assertThat(a.shut()).isEqualTo(SkipReason.RESTING);
    }

    @Test
    void nobodyQueuesBeforeABreakerThatOpens() {
        DeliveryStage narrow = DeliveryStage.with().maxInFlight(1).build();
        for (int i = 0; i < 19; i++) {
            narrow.provider("a").then(Results.serverError());
            narrow.deliver("r" + i);
        }
        narrow.provider("a").always(Results.serverError(), Duration.ofMillis(100));
        narrow.deliver("last straw");
        narrow.deliver("queued");

        narrow.advance(Duration.ofMillis(100));

        assertThat(narrow.story("queued")).containsExactly("submitted b");
        assertThat(narrow.lastEvent("queued").elapsed()).isEqualTo(Duration.ofMillis(100));
        assertThat(narrow.provider("a").seen()).hasSize(20);
    }

    @Test
    void nobodyQueuesBeforeAProviderThatBeginsToRest() {
        DeliveryStage narrow = DeliveryStage.with().maxInFlight(1).build();
        narrow.provider("a").always(Results.throttled(Duration.ofSeconds(5)), Duration.ofMillis(100));
        narrow.deliver("first");
        narrow.deliver("queued");

        narrow.advance(Duration.ofMillis(100));

        assertThat(narrow.story("queued")).containsExactly("submitted b");
        assertThat(narrow.provider("a").seen()).hasSize(1);
    }
}
