package dev.petrel.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.app.Gateway;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.Platform;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is finished is not sent again by the next owner, even where an older request of the partition still waits. */
class HandOverIT {
    @Test
    void nothingThatIsFinishedIsSentAgainThoughAnOlderRequestWaits() throws Exception {
        try (Platform platform = Platform.start();
                StatusReader statuses = platform.statuses(event -> {});
                RequestStream requests = platform.requests("handed-")) {
            Platform.get(platform.provider("twilio-main").behave(Mode.empty503()));
            Gateway first = platform.gateway();
            for (int i = 0; i < 8; i++) {
                requests.ask(120, request -> named(request, "twilio-main"));
            }
            await().until(() -> statuses.told().size() >= 8);
            for (int i = 0; i < 400; i++) {
                requests.ask(120, request -> named(request, "sns-eu"));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> statuses.finals() == 400);

            Platform.get(first.stop());
            platform.gateway();
            // the ids are known to the new owner too
            Asked known = requests.asked().stream()
                    .filter(asked -> asked.requestId().equals("handed-100"))
                    .findFirst()
                    .orElseThrow();
            requests.ask(
                    120,
                    request -> named(request, "sns-eu")
                            .put("requestId", known.requestId())
                            .put("to", known.to()));
            Platform.get(platform.provider("twilio-main").behave(Mode.healthy()));
            await().atMost(Duration.ofSeconds(60)).until(() -> statuses.finals() >= 408);
            String last = requests.ask(120, request -> named(request, "sns-eu"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !statuses.told(last).isEmpty());

            assertThat(platform.seen().stream()
                            .filter(seen -> seen.provider().equals("sns-eu"))
                            .collect(Collectors.groupingBy(Seen::text))
                            .values())
                    .allSatisfy(calls -> assertThat(calls).hasSize(1));
            assertThat(statuses.finals()).isEqualTo(409);
            List<Told> doubled = statuses.told("handed-100");
            assertThat(doubled.stream().filter(Told::isFinal)).hasSize(1);
        }
    }

    private static ObjectNode named(ObjectNode request, String provider) {
        request.putArray("providers").add(provider);
        return request;
    }
}
