package dev.petrel.simulator;

import static dev.petrel.simulator.Client.done;
import static dev.petrel.simulator.Client.form;
import static dev.petrel.simulator.Client.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.twilio.security.RequestValidator;
import dev.petrel.simulator.Client.Reply;
import dev.petrel.simulator.Webhook.Received;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Twilio's own library is the witness of the signatures. */
class ReceiptsTest extends SimulatorTestCase {
    private static final String OTHER = "+447700900123";
    private static final String LAST = "+14155550199";
    private static final Receipts AT_ONCE = Receipts.delivered().withLatencies(Latency.NONE, Latency.NONE);

    private Webhook webhook;

    @BeforeEach
    void open() {
        webhook = new Webhook(vertx, call -> 200);
        tell(AT_ONCE);
    }

    @Test
    void aTakenMessageIsSentAndThenDelivered() {
        done(message(NUMBER, webhook.url() + "#rc=2&rp=all"));
        await().until(() -> webhook.received().size() == 2);

        Call call = twilio.calls().get(0);
        assertThat(webhook.told(NUMBER)).containsExactly("sent", "delivered");
        for (Received each : webhook.received()) {
            String status = each.field("MessageStatus");
            assertThat(each.fields())
                    .isEqualTo(Map.of(
                            "MessageSid",
                            call.messageId(),
                            "SmsSid",
                            call.messageId(),
                            "MessageStatus",
                            status,
                            "SmsStatus",
                            status,
                            "To",
                            NUMBER,
                            "From",
                            "+15005550006",
                            "AccountSid",
                            Client.ACCOUNT,
                            "ApiVersion",
                            "2010-04-01"));
            assertThat(each.headers().get("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
            assertThat(each.uri()).isEqualTo("/receipts/twilio/1?a=1&b=%2B2");
            assertThat(signed(each)).isTrue();
        }
        await().until(() -> twilio.counts().receipts().equals(new Counts.Receipts(2, 2, 0)));
    }

    @Test
    void theHandsetHasItBeforeAnybodySaysSo() {
        done(message(NUMBER, webhook.url()));
        await().until(() -> webhook.told(NUMBER).contains("delivered"));

        Call call = twilio.calls().get(0);
        assertThat(call.handset()).isEqualTo(new Call.Arrival(call.nanos(), call.epochMillis()));
    }

    @Test
    void theHandsetHasNothingBeforeItsTime() {
        tell(AT_ONCE.withLatencies(Latency.NONE, Latency.fixed(60_000)));

        done(message(NUMBER, webhook.url()));
        await().until(() -> webhook.told(NUMBER).contains("sent"));

        assertThat(twilio.calls().get(0).handset()).isNull();
    }

    @Test
    void namesTheMessagingServiceInsteadOfTheSender() {
        String service = "MG00000000000000000000000000000000";
        done(client.twilio(
                twilio,
                form(
                        "To",
                        NUMBER,
                        "MessagingServiceSid",
                        service,
                        "Body",
                        Client.TEXT,
                        "StatusCallback",
                        webhook.url())));
        await().until(() -> webhook.received().size() == 2);

        assertThat(webhook.received()).allSatisfy(each -> {
            assertThat(each.fields())
                    .containsEntry("MessagingServiceSid", service)
                    .doesNotContainKey("From");
            assertThat(signed(each)).isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void withoutAUrlTheHandsetGetsItAndNobodyIsTold(Vendor vendor) {
        got(provider(vendor).behave(Behavior.healthy().withReceipts(AT_ONCE)));

        done(client.message(provider(vendor), NUMBER));

        assertThat(provider(vendor).calls().get(0).handset()).isNotNull();
        lastOfAll();
        assertThat(webhook.told(NUMBER)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "DELIVERED, , true, sent delivered",
        "DELIVERED, , false, sent delivered",
        "SENT_ONLY, , true, sent",
        "SENT_ONLY, , false, sent",
        "SILENT, , false, ''",
        "SILENT, , true, ''",
        "UNDELIVERED, 30003, false, sent undelivered",
        "FAILED, 30008, true, sent failed",
    })
    void whatIsSaidAndWhatIsTrueAreToldApart(Receipts.Kind kind, String code, boolean handset, String said) {
        tell(new Receipts(kind, code, handset, Latency.NONE, Latency.NONE, 0, 1, false));

        done(message(NUMBER, webhook.url()));
        lastOfAll();

        List<String> statuses = said.isEmpty() ? List.of() : List.of(said.split(" "));
        await().untilAsserted(() -> assertThat(webhook.told(NUMBER)).isEqualTo(statuses));
        assertThat(twilio.calls().get(0).handset() != null).isEqualTo(handset);
        if (code != null) {
            List<Received> both = webhook.received().stream()
                    .filter(each -> each.field("To").equals(NUMBER))
                    .toList();
            assertThat(both.get(0).fields()).doesNotContainKey("ErrorCode");
            assertThat(both.get(1).fields()).containsEntry("ErrorCode", code);
            assertThat(both).allSatisfy(each -> assertThat(signed(each)).isTrue());
        }
    }

    @Test
    void whereNothingIsToldTheHandsetGetsItUnlessTheKindSaysNo() {
        assertThat(Receipts.delivered().handset()).isTrue();
        assertThat(Receipts.sentOnly().handset()).isTrue();
        assertThat(Receipts.silent().handset()).isFalse();
        assertThat(Receipts.undelivered("30003").handset()).isFalse();
        assertThat(Receipts.failed("30008").handset()).isFalse();
        assertThat(new Ruling(Behavior.healthy(), Latency.NONE)
                        .receiptsOf(Mode.healthy().forEverything()))
                .isEqualTo(Receipts.delivered());
    }

    @Test
    void lastWordMayComeFirst() {
        tell(AT_ONCE.withReversed(true));

        done(message(NUMBER, webhook.url()));

        await().until(() -> webhook.received().size() == 2);
        assertThat(webhook.told(NUMBER)).containsExactly("delivered", "sent");
    }

    @Test
    void eachReceiptMayComeSeveralTimes() {
        tell(AT_ONCE.withCopies(3));

        done(message(NUMBER, webhook.url()));

        await().until(() -> webhook.received().size() == 6);
        assertThat(webhook.told(NUMBER)).containsExactly("sent", "sent", "sent", "delivered", "delivered", "delivered");
        assertThat(webhook.received()).map(ReceiptsTest::token).doesNotHaveDuplicates();
    }

    @Test
    void aPartOfTheReceiptsIsLost() {
        tell(AT_ONCE.withLost(0.5));
        for (int i = 0; i < 100; i++) {
            done(message(NUMBER, webhook.url()));
        }
        tell(AT_ONCE.withLost(1));
        done(message(OTHER, webhook.url()));

        lastOfAll();

        assertThat(webhook.told(NUMBER)).hasSizeBetween(60, 140);
        assertThat(webhook.told(OTHER)).isEmpty();
    }

    @Test
    void aCallThatFailsIsMadeAgain() {
        Webhook flaky = new Webhook(vertx, call -> call == 0 ? 503 : 204);
        tell(Receipts.sentOnly().withLatencies(Latency.NONE, Latency.NONE));

        done(message(NUMBER, flaky.url()));

        await().until(() -> twilio.counts().receipts().equals(new Counts.Receipts(1, 1, 0)));
        assertThat(flaky.received())
                .hasSize(2)
                .map(ReceiptsTest::token)
                .containsOnly(token(flaky.received().get(0)));
    }

    @ParameterizedTest
    @CsvSource({"#rc=0, 1", "'', 2", "#rc=2&rp=all, 3"})
    void isGivenUpAfterAsManyTriesAsTheUrlAllows(String fragment, int tries) {
        Webhook broken = new Webhook(vertx, call -> 500);
        tell(Receipts.sentOnly().withLatencies(Latency.NONE, Latency.NONE));

        done(message(NUMBER, broken.url() + fragment));

        await().until(() -> twilio.counts().receipts().equals(new Counts.Receipts(1, 0, 1)));
        assertThat(broken.received()).hasSize(tries);
    }

    @Test
    void isGivenUpWhereNobodyListens() throws Exception {
        String url;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + free.getLocalPort() + "/";
        }

        done(message(NUMBER, url + "#rc=0"));
        done(message(NUMBER, "no URL at all#rc=0"));

        await().until(() -> twilio.counts().receipts().equals(new Counts.Receipts(4, 0, 4)));
    }

    @Test
    void isGivenUpWhereNoAnswerComes() {
        Webhook hanging = new Webhook(vertx, call -> Webhook.NEVER);
        tell(Receipts.sentOnly().withLatencies(Latency.NONE, Latency.NONE));

        done(message(NUMBER, hanging.url() + "#rc=0"));

        await().atMost(Duration.ofSeconds(60))
                .until(() -> twilio.counts().receipts().equals(new Counts.Receipts(1, 0, 1)));
        assertThat(hanging.received()).hasSize(1);
    }

    @Test
    void aMessageMayBeTakenAlthoughItsAnswerIsLost() {
        Receipts late = Receipts.undelivered("30003").withLatencies(Latency.NONE, Latency.NONE);
        got(twilio.behave(
                Mode.blackHole().forCountry("+44").withTaken(true).withReceipts(late),
                Mode.resetAfterReading().forCountry("+49").withTaken(true).withReceipts(AT_ONCE),
                Mode.rubbish2xx().forCountry("+33").withTaken(true).withReceipts(AT_ONCE),
                Mode.blackHole().forCountry("+7")));

        Future<Reply> hanging = message(OTHER, webhook.url());
        Future<Reply> reset = message("+4915550000001", webhook.url());
        Future<Reply> rubbish = message("+33155500001", webhook.url());
        Future<Reply> lost = message("+79995550001", webhook.url());

        await().until(() -> webhook.received().size() == 6);
        assertThat(webhook.told(OTHER)).containsExactly("sent", "undelivered");
        assertThat(webhook.told("+4915550000001")).containsExactly("sent", "delivered");
        assertThat(webhook.told("+33155500001")).containsExactly("sent", "delivered");
        assertThat(got(rubbish).status()).isEqualTo(201);
        await().until(reset::failed);
        assertThat(hanging.isComplete()).isFalse();
        await().until(() -> twilio.counts().hanging() == 2);
        lastOfAll();
        assertThat(webhook.told("+79995550001")).isEmpty();
        assertThat(lost.isComplete()).isFalse();
        assertThat(twilio.calls())
                .filteredOn(call -> call.handset() != null && !LAST.equals(call.to()))
                .extracting(Call::to)
                .containsExactlyInAnyOrder("+4915550000001", "+33155500001");
    }

    @Test
    void aMessageThatTheVendorWouldNotTakeIsNotTakenUnseenEither() {
        got(twilio.behave(Mode.rubbish2xx().forEverything().withTaken(true).withReceipts(AT_ONCE)));

        done(client.twilio(twilio, form("To", NUMBER, "Body", Client.TEXT, "StatusCallback", webhook.url())));
        lastOfAll();

        assertThat(webhook.told(NUMBER)).isEmpty();
        assertThat(twilio.calls().get(0).handset()).isNull();
    }

    @Test
    void whatWasRefusedHasNoReceipts() {
        got(twilio.behave(Behavior.of(Mode.error("21211").forCountry("+44")).withReceipts(AT_ONCE)));

        assertThat(got(message(OTHER, webhook.url())).status()).isEqualTo(400);
        lastOfAll();

        assertThat(webhook.told(OTHER)).isEmpty();
        assertThat(twilio.calls().get(0).handset()).isNull();
    }

    @Test
    void oneCountryIsSilentAndTheOthersAreNot() {
        got(twilio.behave(Behavior.of(Mode.healthy().forCountry("+44").withReceipts(Receipts.silent()))
                .withReceipts(AT_ONCE)));

        done(message(OTHER, webhook.url()));
        done(message(NUMBER, webhook.url()));

        await().until(() -> webhook.received().size() == 2);
        assertThat(webhook.told(NUMBER)).containsExactly("sent", "delivered");
    }

    @Test
    void theRuleThatItWasReadUnderDecides() {
        tell(AT_ONCE.withLatencies(Latency.NONE, Latency.fixed(300)));
        done(message(NUMBER, webhook.url()));

        tell(Receipts.silent());

        await().until(() -> webhook.told(NUMBER).equals(List.of("sent", "delivered")));
    }

    @Test
    void aReceiptMayOvertakeTheAnswerAndComesThoughNobodyWaitsForIt() {
        got(twilio.behave(Behavior.healthy().withLatency(Latency.fixed(60_000)).withReceipts(AT_ONCE)));

        Future<Reply> reply = message(NUMBER, webhook.url());

        await().until(() -> webhook.told(NUMBER).equals(List.of("sent", "delivered")));
        assertThat(reply.isComplete()).isFalse();
    }

    @Test
    void aReceiptCanBeSentByHand() {
        Webhook strict = new Webhook(vertx, call -> 403);
        tell(Receipts.silent());
        done(message(NUMBER, webhook.url()));
        done(message(OTHER, strict.url()));
        done(client.message(twilio, NUMBER));
        List<Call> calls = twilio.calls();

        assertThat(got(twilio.callback(calls.get(0), "undelivered", "30005"))).isEqualTo(200);
        assertThat(got(twilio.callback(calls.get(1), "sending", null))).isEqualTo(403);
        assertThatThrownBy(() -> got(twilio.callback(calls.get(2), "sent", null)))
                .isInstanceOf(IllegalArgumentException.class);

        Received received = webhook.received().get(0);
        assertThat(received.field("MessageStatus")).isEqualTo("undelivered");
        assertThat(received.field("ErrorCode")).isEqualTo("30005");
        assertThat(signed(received)).isTrue();
        assertThat(strict.told(OTHER)).containsExactly("sending");
        assertThat(twilio.counts().receipts()).isEqualTo(new Counts.Receipts(2, 1, 1));
    }

    @Test
    void isUnsignedForWhoShowedNoPassword() {
        done(client.send(
                HttpMethod.POST,
                twilio.url() + "/2010-04-01/Accounts/" + Client.ACCOUNT + "/Messages.json",
                MultiMap.caseInsensitiveMultiMap(),
                formOf(NUMBER, webhook.url())));

        await().until(() -> webhook.received().size() == 2);
        assertThat(webhook.received())
                .allSatisfy(each -> assertThat(each.headers().contains(ReceiptSender.SIGNATURE))
                        .isFalse());
    }

    @Test
    void sendsNothingOnceItIsClosed() {
        tell(Receipts.delivered().withLatencies(Latency.fixed(60_000), Latency.fixed(60_000)));
        done(message(NUMBER, webhook.url()));
        Call pending = twilio.calls().get(0);

        got(simulator.close());

        assertThatThrownBy(() -> got(twilio.callback(pending, "delivered", null)))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(webhook.received()).isEmpty();
    }

    @Test
    void forgettingLeavesTheReceiptsThatAreUnderWay() {
        Webhook hanging = new Webhook(vertx, call -> Webhook.NEVER);
        done(message(NUMBER, webhook.url()));
        await().until(() -> twilio.counts().receipts().acknowledged() == 2);
        done(message(NUMBER, hanging.url()));
        await().until(() -> hanging.received().size() == 1);

        twilio.forget();

        assertThat(twilio.counts().receipts()).isEqualTo(new Counts.Receipts(1, 0, 0));
    }

    private void tell(Receipts receipts) {
        got(twilio.behave(Behavior.healthy().withReceipts(receipts)));
    }

    /** When this returns, the receipts of earlier messages that were due at once have come. */
    private void lastOfAll() {
        tell(AT_ONCE);
        done(message(LAST, webhook.url()));
        await().until(() -> webhook.told(LAST).contains("delivered"));
        await().until(() -> {
            Counts.Receipts receipts = twilio.counts().receipts();
            return receipts.sent() == receipts.acknowledged() + receipts.failed();
        });
    }

    private Future<Reply> message(String to, String url) {
        return client.twilio(twilio, formOf(to, url));
    }

    private static String formOf(String to, String url) {
        return form("To", to, "From", "+15005550006", "Body", Client.TEXT, "StatusCallback", url);
    }

    private boolean signed(Received received) {
        return new RequestValidator("token")
                .validate(webhook.url(), received.fields(), received.headers().get(ReceiptSender.SIGNATURE));
    }

    private static String token(Received received) {
        return String.valueOf(received.headers().get(ReceiptSender.IDEMPOTENCY_TOKEN));
    }
}
