package dev.petrel.simulator;

import static dev.petrel.simulator.Client.done;
import static dev.petrel.simulator.Client.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.petrel.simulator.Client.Reply;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.SAXException;

class ModesTest extends SimulatorTestCase {

    @ParameterizedTest
    @EnumSource
    void healthyTakesTheMessage(Vendor vendor) {
        SimulatedProvider provider = provider(vendor);

        Reply reply = got(client.message(provider, NUMBER));

        Call call = provider.calls().get(0);
        assertThat(reply.status()).isEqualTo(vendor == Vendor.TWILIO ? 201 : 200);
        assertThat(reply.body()).contains(call.messageId());
        assertThat(call.accepted()).isTrue();
        assertThat(call.httpStatus()).isEqualTo(reply.status());
    }

    @ParameterizedTest
    @EnumSource
    void blackHoleReadsAndNeverAnswersUntilTheClientGivesUp(Vendor vendor) throws Exception {
        SimulatedProvider provider = provider(vendor);
        got(provider.behave(Mode.blackHole()));

        try (Socket socket = connect(provider)) {
            post(socket, vendor);
            await().until(() -> provider.counts().hanging() == 1);
            Call call = provider.calls().get(0);
            assertThat(call.fate()).isEqualTo(Call.Fate.HANGING);
            assertThat(call.to()).isEqualTo(NUMBER);

            got(provider.behave(Mode.healthy()));
            done(client.message(provider, "+14155550133"));
            assertThat(call.fate()).isEqualTo(Call.Fate.HANGING);
            assertThat(socket.getInputStream().available()).isZero();
        }

        await().until(() -> provider.counts().hanging() == 0);
        assertThat(provider.calls().get(0).fate()).isEqualTo(Call.Fate.CLOSED);
        assertThat(provider.counts().closed()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void refuseClosesThePortAndOpensTheSameAgain(Vendor vendor) throws Exception {
        SimulatedProvider provider = provider(vendor);
        int port = provider.port();
        try (Socket old = connect(provider)) {
            post(old, vendor);
            assertThat(old.getInputStream().read()).isEqualTo('H');

            got(provider.behave(Mode.refuse()));

            assertThat(ended(old)).isTrue();
        }
        assertThatThrownBy(() -> connect(provider)).isInstanceOf(ConnectException.class);
        assertThat(client.control(HttpMethod.GET, simulator.controlUrl() + "/providers", "")
                        .status())
                .isEqualTo(200);
        assertThat(provider.counts().taken()).isEqualTo(1);

        got(provider.behave(Mode.healthy()));

        assertThat(provider.port()).isEqualTo(port);
        assertThat(got(client.message(provider, NUMBER)).status()).isLessThan(300);
    }

    @Test
    void refusesAtOnceAndServesAtOnceHoweverOftenItChanges() throws Exception {
        for (int i = 0; i < 50; i++) {
            got(twilio.behave(Mode.refuse()));
            assertThatThrownBy(() -> connect(twilio)).isInstanceOf(ConnectException.class);
            got(twilio.behave(Mode.healthy()));
            try (Socket socket = connect(twilio)) {
                post(socket, Vendor.TWILIO);
                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 201");
            }
        }
    }

    @Test
    void theLastOfManyOrdersHolds() {
        Future<Void> first = twilio.behave(Mode.refuse());
        Future<Void> second = twilio.behave(Mode.healthy());
        Future<Void> third = twilio.behave(Mode.refuse());
        done(Future.all(first, second, third));

        assertThatThrownBy(() -> connect(twilio)).isInstanceOf(ConnectException.class);
    }

    @Test
    void refuseDropsWhatWaitsAndWhatHangs() {
        got(twilio.behave(Mode.blackHole()));
        Future<Reply> hanging = client.message(twilio, NUMBER);
        await().until(() -> twilio.counts().hanging() == 1);

        got(twilio.behave(Mode.refuse()));

        await().until(hanging::failed);
        await().until(() -> twilio.counts().hanging() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void resetsTheConnectionAfterReading(Vendor vendor) throws Exception {
        SimulatedProvider provider = provider(vendor);
        got(provider.behave(Mode.resetAfterReading()));

        try (Socket socket = connect(provider)) {
            post(socket, vendor);

            // the end of the stream would be a FIN, and this a RST
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        Call call = provider.calls().get(0);
        assertThat(call.text()).isEqualTo(Client.TEXT);
        assertThat(call.fate()).isEqualTo(Call.Fate.RESET);
        assertThat(provider.counts().reset()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void failsFastInTheVendorsShape(Vendor vendor) {
        SimulatedProvider provider = provider(vendor);
        got(provider.behave(Behavior.of(Mode.status(500)).withLatency(Latency.fixed(60_000))));

        Reply reply = got(client.message(provider, NUMBER));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).contains(vendor == Vendor.TWILIO ? "\"code\": 20500" : "<Code>InternalError</Code>");
        assertThat(provider.counts().accepted()).isZero();
        assertThat(provider.counts().answered()).containsOnlyKeys(500).containsEntry(500, 1L);
    }

    @ParameterizedTest
    @EnumSource
    void answersWithTheHtmlOfALoadBalancer(Vendor vendor) {
        got(provider(vendor).behave(Mode.html502()));

        Reply reply = got(client.message(provider(vendor), NUMBER));

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.headers().get("Content-Type")).isEqualTo("text/html");
        assertThat(reply.body()).startsWith("<html>");
    }

    @ParameterizedTest
    @EnumSource
    void answersWithNothingBut503(Vendor vendor) {
        got(provider(vendor).behave(Mode.empty503()));

        Reply reply = got(client.message(provider(vendor), NUMBER));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).isEmpty();
        assertThat(provider(vendor).calls().get(0).error()).isEqualTo("empty_503");
    }

    @ParameterizedTest
    @EnumSource
    void answersSuccessThatNobodyCanRead(Vendor vendor) {
        got(provider(vendor).behave(Mode.rubbish2xx()));

        Reply reply = got(client.message(provider(vendor), NUMBER));

        assertThat(reply.status()).isEqualTo(vendor == Vendor.TWILIO ? 201 : 200);
        assertThat(reply.body()).doesNotContain(provider(vendor).calls().get(0).messageId());
        if (vendor == Vendor.TWILIO) {
            assertThatThrownBy(reply::json).isInstanceOf(DecodeException.class);
        } else {
            assertThatThrownBy(() -> SnsShapeTest.xml(reply.body())).isInstanceOf(SAXException.class);
        }
        assertThat(provider(vendor).counts().accepted()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void throttlesAndSaysForHowLong(Vendor vendor) {
        got(provider(vendor).behave(Mode.throttle(Duration.ofSeconds(7))));

        Reply reply = got(client.message(provider(vendor), NUMBER));

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers().get("Retry-After")).isEqualTo("7");
        assertThat(reply.body()).contains(vendor == Vendor.TWILIO ? "\"code\": 20429" : "<Code>Throttled</Code>");

        got(provider(vendor).behave(Mode.throttle()));
        assertThat(got(client.message(provider(vendor), NUMBER)).headers().contains("Retry-After"))
                .isFalse();
    }

    @Test
    void answersWithTheErrorThatItWasTold() {
        got(twilio.behave(Mode.error("30450")));
        Reply reply = got(client.message(twilio, NUMBER));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().getInteger("code")).isEqualTo(30450);
        assertThat(twilio.calls().get(0).error()).isEqualTo("30450");

        got(sns.behave(new Mode.Error("InvalidParameter", 400, "Invalid parameter: SenderID")));
        reply = got(client.message(sns, NUMBER));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("<Code>InvalidParameter</Code>", "Invalid parameter: SenderID");
    }

    @ParameterizedTest
    @EnumSource
    void quotesNumberAndTextInErrorsAsTheVendorsDo(Vendor vendor) {
        got(provider(vendor).behave(Mode.error("99999")));

        assertThat(got(client.message(provider(vendor), NUMBER)).body()).contains(NUMBER, Client.TEXT);
    }

    @Test
    void answersAfterTheLatency() {
        got(twilio.behave(Behavior.healthy().withLatency(Latency.fixed(120))));
        long begun = System.nanoTime();

        Future<Reply> reply = client.message(twilio, NUMBER);
        await().until(() -> twilio.counts().taken() == 1);
        assertThat(got(reply).status()).isEqualTo(201);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(119));
        assertThat(twilio.counts().waiting()).isZero();
    }

    @Test
    void forgetsAnAnswerThatNobodyWaitsForAnyMore() throws Exception {
        got(twilio.behave(Behavior.healthy().withLatency(Latency.fixed(60_000))));
        try (Socket socket = connect(twilio)) {
            post(socket, Vendor.TWILIO);
            await().until(() -> twilio.counts().waiting() == 1);
        }

        await().until(() -> twilio.counts().waiting() == 0);
        assertThat(twilio.calls().get(0).fate()).isEqualTo(Call.Fate.CLOSED);
        assertThat(twilio.counts().answered()).isEmpty();
    }

    @Test
    void oneProviderMisbehavesAndTheOtherDoesNot() {
        got(twilio.behave(Mode.status(503)));

        assertThat(got(client.message(twilio, NUMBER)).status()).isEqualTo(503);
        assertThat(got(client.message(sns, NUMBER)).status()).isEqualTo(200);
    }

    @Test
    void oneCountryFailsAndTheOthersDoNot() {
        got(sns.behave(Mode.error("AuthorizationError").forCountry("+44")));

        assertThat(got(client.message(sns, "+447700900123")).status()).isEqualTo(403);
        assertThat(got(client.message(sns, NUMBER)).status()).isEqualTo(200);
    }

    @Test
    void aRuleMayBeSlowerThanTheRest() {
        got(twilio.behave(Mode.healthy().forCountry("+44").withLatency(Latency.fixed(60_000))));

        Future<Reply> slow = client.message(twilio, "+447700900123");
        await().until(() -> twilio.counts().waiting() == 1);
        assertThat(got(client.message(twilio, NUMBER)).status()).isEqualTo(201);
        assertThat(slow.isComplete()).isFalse();
    }

    private static Socket connect(SimulatedProvider provider) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), provider.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void post(Socket socket, Vendor vendor) throws Exception {
        String body = vendor == Vendor.TWILIO
                ? Client.form("To", NUMBER, "From", "+15005550006", "Body", Client.TEXT)
                : Client.form("Action", "Publish", "PhoneNumber", NUMBER, "Message", Client.TEXT);
        String path = vendor == Vendor.TWILIO ? "/2010-04-01/Accounts/" + Client.ACCOUNT + "/Messages.json" : "/";
        String request =
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads to the end; a reset is an end too. */
    private static boolean ended(Socket socket) throws Exception {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // the rest of the answer
            }
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }
}
