package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Call;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.Receipts;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Requests were taken by a provider, and their owner is killed before they are over. Whenever their receipts come, and
 * in whatever order, the next owner ends each of them once, as delivered, and sends none of them again.
 */
class ReceiptsAroundAKillIT {
    private static final int EACH = 4;
    /** All receipts come to the one that is not killed. */
    private static final String SETTINGS = """
              web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d" }
              receipts: { keys: "k1:%s" }
            """;

    @Test
    void eachEndsOnceAsDeliveredWheneverItsReceiptsCome() throws Exception {
        int publicPort = FreePorts.next();
        try (Platform platform = Platform.on(EmbeddedBroker.shared());
                StatusReader statuses = platform.statuses(event -> {});
                RequestStream requests = platform.requests("k-");
                GatewayProcess owner = owner(platform, publicPort)) {
            Gateway other = platform.gateway(settings(publicPort, publicPort));
            await().atMost(LONG).until(() -> owner.ready() && other.ready() && Owners.are(2, statuses));
            Map<Integer, String> owners = Owners.of(statuses);
            SimulatedProvider twilio = platform.provider("twilio-main");
            Iterator<String> numbers = Owners.numbersOf(statuses, "owner").iterator();
            Asking asking = new Asking(requests, numbers, twilio);

            Platform.get(twilio.behave(Behavior.healthy().withReceipts(Receipts.silent())));
            List<String> overBefore = asking.some();
            List<String> brought = asking.some();
            List<String> unowned = asking.some();
            List<String> unownedInReverse = asking.some();
            List<String> after = asking.some();
            List<String> again = asking.some();
            List<String> taken = join(overBefore, brought, unowned, unownedInReverse, after, again);
            await().atMost(LONG)
                    .until(() -> taken.stream()
                            .allMatch(id -> statuses.told(id).stream()
                                    .anyMatch(told -> told.status().equals("submitted"))));
            asking.bring(overBefore, "delivered");
            await().atMost(LONG).until(() -> overBefore.stream().allMatch(statuses::isOver));

            Platform.get(
                    twilio.behave(Behavior.of(Mode.blackHole().forEverything().withTaken(true))
                            .withReceipts(Receipts.silent())));
            List<String> hung = asking.some();
            List<String> hungAndSent = asking.some();
            List<String> all = join(taken, hung, hungAndSent);
            await().atMost(LONG).until(() -> twilio.calls().size() == all.size());
            owner.freeze(); // so that what is brought now is written, and read by nobody
            asking.bring(brought, "sent");
            asking.bring(brought, "delivered");
            asking.bring(again, "delivered");
            owner.kill();

            asking.bring(unowned, "delivered");
            asking.bring(unownedInReverse, "delivered");
            asking.bring(unownedInReverse, "sent");
            asking.bring(again, "delivered");
            asking.bring(hung, "delivered");
            asking.bring(hungAndSent, "sent");
            assertThat(statuses.finals()).as("finals while nobody owns it").isEqualTo(EACH);
            assertThat(Owners.of(statuses)).isEqualTo(owners);

            await().atMost(LONG).until(() -> Owners.are(1, statuses));
            asking.bring(after, "delivered");
            asking.bring(after, "sent");
            asking.bring(hungAndSent, "delivered");
            asking.bring(again, "delivered");
            await().atMost(LONG).until(() -> all.stream().allMatch(statuses::isOver));

            // whatever was to come of the above has come once these are over
            Platform.get(twilio.behave(Behavior.healthy()));
            asking.bring(all, "delivered");
            asking.bring(all, "sent");
            List<String> last = asking.some();
            await().atMost(LONG).until(() -> last.stream().allMatch(statuses::isOver));
            assertThat(all).allSatisfy(id -> {
                assertThat(finals(statuses, id)).extracting(Told::status).containsExactly("delivered");
                assertThat(finals(statuses, id))
                        .extracting(told -> told.writer().startsWith("owner/"))
                        .containsExactly(overBefore.contains(id));
            });
            Map<String, Long> seen =
                    platform.seen().stream().collect(Collectors.groupingBy(Seen::text, Collectors.counting()));
            assertThat(requests.asked()).allSatisfy(asked -> assertThat(seen).containsEntry(asked.text(), 1L));
            assertThat(StatusContract.violations(statuses.records())).isEmpty();
        }
    }

    /** @param numbers of requests that the owner gets; each is taken once, so that none supersedes another */
    private record Asking(RequestStream requests, Iterator<String> numbers, SimulatedProvider provider) {
        List<String> some() {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                ids.add(requests.ask(300, fields -> fields.put("to", numbers.next())));
            }
            requests.flush();
            return ids;
        }

        void bring(List<String> ids, String status) throws Exception {
            Map<String, String> texts =
                    requests.asked().stream().collect(Collectors.toMap(Asked::requestId, Asked::text));
            Map<String, Call> calls =
                    provider.calls().stream().collect(Collectors.toMap(Call::text, call -> call, (one, two) -> one));
            for (String id : ids) {
                assertThat(Platform.get(provider.callback(calls.get(texts.get(id)), status, null)))
                        .isEqualTo(204);
            }
        }
    }

    private static List<Told> finals(StatusReader statuses, String requestId) {
        return statuses.told(requestId).stream().filter(Told::isFinal).toList();
    }

    @SafeVarargs
    private static List<String> join(List<String>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static GatewayProcess owner(Platform platform, int publicPort) throws Exception {
        Path settings = platform.settingsFile("owner", settings(FreePorts.next(), publicPort));
        settings.toFile().deleteOnExit();
        return new GatewayProcess.Launch(
                        Map.of("PETREL_INSTANCE_ID", "owner", "PETREL_PROVIDERS_TWILIO_MAIN_TIMEOUT", "4s"), null, null)
                .start("--config", settings.toString());
    }

    private static String settings(int port, int publicPort) {
        return SETTINGS.formatted(port, publicPort, "0".repeat(32));
    }
}
