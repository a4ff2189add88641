package dev.petrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Results;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomTest {
    @Test
    void thereIsNoneWhileEveryProviderHasItsFill() {
        DeliveryStage stage =
                DeliveryStage.with().providers("a", "b").maxInFlight(1).build();
        for (String provider : List.of("a", "b")) {
            stage.provider(provider).always(Results.accepted("m"), Duration.ofMillis(100));
        }
        deliver(stage, "a", 3);
        deliver(stage, "b", 2);
        assertThat(stage.delivery.full()).as("b can take one more").isFalse();
        assertThat(stage.delivery.roomy()).isTrue();

        deliver(stage, "b", 1);
        assertThat(stage.delivery.full()).isTrue();
        assertThat(stage.delivery.roomy()).isFalse();

        stage.advance(Duration.ofMillis(100));
        assertThat(stage.delivery.full()).isFalse();
        assertThat(stage.delivery.roomy()).isTrue();
    }

    @Test
    void aProviderThatIsHeldClosedHasNeverItsFill() {
        DeliveryStage stage = DeliveryStage.with().providers("a").maxInFlight(1).build();
        stage.provider("a").alwaysHang();
        deliver(stage, "a", 3);
        assertThat(stage.delivery.full()).isTrue();

        stage.guarded.get("a").holdClosed();

        assertThat(stage.delivery.full()).isFalse();
        assertThat(stage.delivery.roomy()).isTrue();
    }

    @Test
    void thereIsNoneWhileAsMuchIsHeldAsMayBe() {
        DeliveryStage stage = DeliveryStage.with().heldMax(2).build();
        stage.provider("a").alwaysHang();
        deliver(stage, "a", 1);
        assertThat(stage.delivery.full()).isFalse();
        assertThat(stage.delivery.roomy()).isTrue();

        deliver(stage, "a", 1);

        assertThat(stage.delivery.full()).isTrue();
        assertThat(stage.delivery.roomy()).isFalse();
    }

    private static void deliver(DeliveryStage stage, String provider, int times) {
        for (int i = 0; i < times; i++) {
            var unused = stage.deliver(stage.request("to-" + provider + i, Duration.ofMinutes(5), List.of(provider)));
        }
    }
}
