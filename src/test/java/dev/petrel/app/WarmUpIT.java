package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.testing.Platform;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmUpIT {
    @Test
    void sendsNothingToTheProvidersAndAsksNoGuard() throws Exception {
        try (Platform platform = Platform.start();
                StatusReader statuses = platform.statuses(event -> {});
                RequestStream requests = platform.requests("warm-")) {
            platform.gateway("  request: { denied-countries: [US] }\n");

            String first = requests.ask(60, request -> request);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> !statuses.told(first).isEmpty());

            assertThat(statuses.told(first).get(0).reasonClass()).isEqualTo("denied");
            assertThat(platform.seen()).isEmpty();
            assertThat(statuses.told()).hasSize(1);
        }
    }
}
