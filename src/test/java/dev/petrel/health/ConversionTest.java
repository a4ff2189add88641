package dev.petrel.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.health.DeliveryHealth.Copy;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is held of very many; the rest is held by {@link DeliveryHealthTest}. */
class ConversionTest {
    private static final Duration BETWEEN = Duration.ofMillis(2);

    private final ManualTime time = new ManualTime();
    private final DeliveryHealth health = new DeliveryHealth(
            () -> Duration.ofSeconds(20),
            (provider, country) -> false,
            time,
            new Meters(new SimpleMeterRegistry()),
            () -> Future.succeededFuture(true));
    private final Conversion conversion = new Conversion();
    private final Random random = new Random(1);
    private int ids;

    @Test
    void holdsEachOfFewAndAPartOfVeryMany() {
        for (int i = 0; i < Conversion.ALL_OF; i++) {
            submit(false);
        }
        assertThat(conversion.young()).isEqualTo(Conversion.ALL_OF);

        traffic(Duration.ofMinutes(2), 0);

        long most = Conversion.ALL_OF + Conversion.AGE.dividedBy(Conversion.APART) + 1;
        assertThat(conversion.young()).isBetween(Conversion.ALL_OF, (int) most);
    }

    @Test
    void tellsByThePartWhatTheWholeDoes() {
        traffic(Duration.ofMinutes(2), 2);
        assertThat(conversion.percentBefore()).isBetween(45, 55);
        assertThat(conversion.bad()).isFalse();

        traffic(Conversion.AGE.plusSeconds(10), 0);

        assertThat(conversion.bad()).isTrue();
    }

    /** @param typed one of so many; 0: none */
    private void traffic(Duration length, int typed) {
        for (long left = length.dividedBy(BETWEEN); left > 0; left--) {
            time.advance(BETWEEN);
            submit(typed > 0 && random.nextInt(typed) == 0);
            conversion.advance(time.nanosLessLag(), false);
        }
    }

    private void submit(boolean typed) {
        String id = "r-" + ids++;
        Copy copy = health.submitted(id, "a", "DE", false, true);
        if (typed) {
            health.verified(id);
        }
        conversion.submitted(copy);
    }
}
