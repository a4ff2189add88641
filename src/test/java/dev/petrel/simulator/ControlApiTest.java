package dev.petrel.simulator;

import static dev.petrel.simulator.Client.done;
import static dev.petrel.simulator.Client.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.simulator.Client.Reply;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlApiTest extends SimulatorTestCase {

    @Override
    SimulatorSettings settings() {
        return SimulatorSettings.onFreePorts().withLatency(Latency.fixed(1));
    }

    @Test
    void namesTheProviders() {
        JsonArray providers = new JsonArray(get("/providers").body());

        assertThat(providers)
                .isEqualTo(new JsonArray()
                        .add(new JsonObject()
                                .put("name", "twilio-main")
                                .put("vendor", "twilio")
                                .put("url", twilio.url()))
                        .add(new JsonObject()
                                .put("name", "sns-eu")
                                .put("vendor", "sns")
                                .put("url", sns.url())));
    }

    @Test
    void tellsWhatAProviderDoesAndHasDone() {
        done(client.message(twilio, NUMBER));
        done(client.message(twilio, NUMBER));
        done(client.message(twilio, "nobody"));

        JsonObject told = get("/providers/twilio-main").json();

        assertThat(told.getJsonObject("behavior"))
                .isEqualTo(new JsonObject("{\"rules\": [], \"latency\": {\"ms\": 1}}"));
        JsonObject counts = told.getJsonObject("counts");
        assertThat(counts.getLong("taken")).isEqualTo(3);
        assertThat(counts.getLong("accepted")).isEqualTo(2);
        assertThat(counts.getJsonObject("answered")).isEqualTo(new JsonObject("{\"201\": 2, \"400\": 1}"));
        assertThat(counts.getLong("destinations")).isEqualTo(2);
        assertThat(counts.getLong("hanging")).isZero();
        assertThat(counts.getLong("kept")).isEqualTo(3);
        assertThat(counts.getJsonObject("receipts"))
                .isEqualTo(new JsonObject("{\"sent\": 0, \"acknowledged\": 0, \"failed\": 0}"));
    }

    @Test
    void everyModeCanBeTold() {
        assertThat(told("{\"mode\": \"black_hole\"}")).isEqualTo(Behavior.of(Mode.blackHole()));
        assertThat(told("{\"mode\": \"refuse\"}")).isEqualTo(Behavior.of(Mode.refuse()));
        assertThat(told("{\"mode\": \"reset_after_reading\"}")).isEqualTo(Behavior.of(Mode.resetAfterReading()));
        assertThat(told("{\"mode\": \"status\", \"httpStatus\": 500}")).isEqualTo(Behavior.of(Mode.status(500)));
        assertThat(told("{\"mode\": \"html_502\"}")).isEqualTo(Behavior.of(Mode.html502()));
        assertThat(told("{\"mode\": \"empty_503\"}")).isEqualTo(Behavior.of(Mode.empty503()));
        assertThat(told("{\"mode\": \"rubbish_2xx\"}")).isEqualTo(Behavior.of(Mode.rubbish2xx()));
        assertThat(told("{\"mode\": \"throttle\"}")).isEqualTo(Behavior.of(Mode.throttle()));
        assertThat(told("{\"mode\": \"throttle\", \"retryAfterSeconds\": 5}"))
                .isEqualTo(Behavior.of(Mode.throttle(Duration.ofSeconds(5))));
        assertThat(told("{\"mode\": \"error\", \"code\": \"21211\", \"share\": 0.1}"))
                .isEqualTo(Behavior.of(Mode.error("21211").forShare(0.1)));
        assertThat(told("{\"mode\": \"error\", \"code\": 21408, \"httpStatus\": 403, \"country\": \"+44\"}"))
                .isEqualTo(Behavior.of(Mode.error("21408", 403).forCountry("+44")));
        assertThat(told("{\"mode\": \"healthy\"}")).isEqualTo(Behavior.healthy());
        assertThat(told("{\"mode\": \"healthy\", \"latency\": {\"medianMs\": 50, \"p99Ms\": 400}}"))
                .isEqualTo(Behavior.healthy().withLatency(Latency.of(50, 400)));
        assertThat(told("{\"rules\": [], \"latency\": {\"ms\": 50}}"))
                .isEqualTo(Behavior.healthy().withLatency(Latency.fixed(50)));
    }

    @Test
    void everyKindOfReceiptsCanBeTold() {
        assertThat(told("{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"silent\"}}"))
                .isEqualTo(Behavior.healthy().withReceipts(Receipts.silent()));
        assertThat(told("{\"rules\": [], \"receipts\": {\"kind\": \"silent\", \"handset\": true}}"))
                .isEqualTo(Behavior.healthy().withReceipts(Receipts.silent().withHandset(true)));
        assertThat(told("{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"sent_only\"}, \"share\": 0.1}"))
                .isEqualTo(Behavior.of(Mode.healthy().forShare(0.1).withReceipts(Receipts.sentOnly())));
        assertThat(told("{\"mode\": \"healthy\", \"country\": \"+44\","
                        + " \"receipts\": {\"kind\": \"undelivered\", \"code\": 30003, \"copies\": 2}}"))
                .isEqualTo(Behavior.of(Mode.healthy()
                        .forCountry("+44")
                        .withReceipts(Receipts.undelivered("30003").withCopies(2))));
        assertThat(told("{\"mode\": \"healthy\", \"receipts\":"
                        + " {\"kind\": \"failed\", \"code\": \"30008\", \"lost\": 0.1, \"reversed\": true}}"))
                .isEqualTo(Behavior.healthy()
                        .withReceipts(Receipts.failed("30008").withLost(0.1).withReversed(true)));
        assertThat(told("{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"delivered\", \"handset\": false,"
                        + " \"sentAfter\": {\"ms\": 5}, \"finalAfter\": {\"medianMs\": 10, \"p99Ms\": 20}}}"))
                .isEqualTo(Behavior.healthy()
                        .withReceipts(Receipts.delivered()
                                .withHandset(false)
                                .withLatencies(Latency.fixed(5), Latency.of(10, 20))));
        assertThat(told("{\"mode\": \"black_hole\", \"taken\": true}"))
                .isEqualTo(Behavior.of(Mode.blackHole().forEverything().withTaken(true)));
    }

    @Test
    void receiptsComeBackWithEveryFieldThatMatters() {
        String json = "{\"rules\": [{\"mode\": \"rubbish_2xx\", \"country\": \"+44\", \"taken\": true, \"receipts\":"
                + " {\"kind\": \"undelivered\", \"code\": \"30003\", \"handset\": true, \"sentAfter\": {\"ms\": 5},"
                + " \"finalAfter\": {\"medianMs\": 10, \"p99Ms\": 20}, \"lost\": 0.5, \"copies\": 2, \"reversed\": true}}],"
                + " \"latency\": {\"ms\": 1}, \"receipts\": {\"kind\": \"silent\", \"handset\": false,"
                + " \"sentAfter\": {\"ms\": 200}, \"finalAfter\": {\"medianMs\": 2000, \"p99Ms\": 5000}}}";

        assertThat(put("twilio-main", json).json().getJsonObject("behavior")).isEqualTo(new JsonObject(json));
    }

    @Test
    void rulesComeBackAsTheyWereTold() {
        String json = "{\"rules\": [{\"mode\": \"throttle\", \"retryAfterSeconds\": 5, \"share\": 0.25},"
                + "{\"mode\": \"status\", \"httpStatus\": 503, \"country\": \"+44\", \"latency\": {\"ms\": 2000}},"
                + "{\"mode\": \"error\", \"code\": \"InvalidParameter\", \"httpStatus\": 400, \"message\": \"SenderID\"},"
                + "{\"mode\": \"healthy\", \"latency\": {\"medianMs\": 10, \"p99Ms\": 20}}],"
                + "\"latency\": {\"medianMs\": 50, \"p99Ms\": 400}}";

        Reply reply = put("sns-eu", json);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().getJsonObject("behavior")).isEqualTo(new JsonObject(json));
    }

    @Test
    void whatWasToldHoldsWhenItIsAnswered() {
        assertThat(put("twilio-main", "{\"mode\": \"status\", \"httpStatus\": 503}")
                        .status())
                .isEqualTo(200);
        assertThat(got(client.message(twilio, NUMBER)).status()).isEqualTo(503);

        assertThat(put("twilio-main", "{\"mode\": \"refuse\"}").status()).isEqualTo(200);
        assertThatThrownBy(() -> new Socket("127.0.0.1", twilio.port()).close()).isInstanceOf(ConnectException.class);

        assertThat(put("twilio-main", "{\"mode\": \"healthy\"}").status()).isEqualTo(200);
        assertThat(got(client.message(twilio, NUMBER)).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"mode\": \"sulk\"} | mode: must be one of healthy, black_hole",
                "{} | mode: must be string, is missing",
                "{\"mode\": 3} | mode: must be string",
                "[] | body: must be a JSON object",
                "nonsense | body: must be a JSON object",
                "'' | body: must be a JSON object",
                "{\"mode\": \"healthy\", \"colour\": 1} | colour: no such field here",
                "{\"mode\": \"throttle\", \"code\": \"x\"} | code: no such field here",
                "{\"mode\": \"throttle\", \"retryAfterSeconds\": -1} | retryAfterSeconds: is",
                "{\"mode\": \"throttle\", \"retryAfterSeconds\": 1.5} | retryAfterSeconds: must be a whole number",
                "{\"mode\": \"status\"} | httpStatus: must be number, is missing",
                "{\"mode\": \"status\", \"httpStatus\": 200} | httpStatus: is 200, must be 300 to 599",
                "{\"mode\": \"error\"} | code: must be there, is missing",
                "{\"mode\": \"error\", \"code\": \"<x>\"} | code: must be",
                "{\"mode\": \"error\", \"code\": \"1\", \"share\": 2} | share: is 2.0",
                "{\"mode\": \"error\", \"code\": \"1\", \"country\": \"GB\"} | country: must be",
                "{\"mode\": \"refuse\", \"share\": 0.5} | mode: refuse",
                "{\"mode\": \"healthy\", \"latency\": 5} | latency: must be object",
                "{\"mode\": \"healthy\", \"latency\": {\"ms\": -5}} | latency.ms: is -5",
                "{\"mode\": \"healthy\", \"latency\": {\"ms\": 5, \"p99Ms\": 7}} | latency.p99Ms: no such field",
                "{\"mode\": \"healthy\", \"latency\": {\"medianMs\": 5}} | latency.p99Ms: must be number, is missing",
                "{\"mode\": \"healthy\", \"latency\": {\"medianMs\": 5, \"p99Ms\": 4}} | latency.p99Ms: is 4 ms",
                "{\"rules\": 5} | rules: must be array",
                "{\"rules\": [5]} | rules[0]: must be an object",
                "{\"rules\": [{\"mode\": \"healthy\"}, {\"mode\": \"x\"}]} | rules[1].mode: must be one of",
                "{\"rules\": [{\"mode\": \"error\", \"code\": \"1\", \"share\": -1}]} | rules[0].share: is -1.0",
                "{\"rules\": [{\"mode\": \"refuse\"}, {\"mode\": \"healthy\"}]} | rules: refuse must be the only rule",
                "{\"rules\": [], \"mode\": \"refuse\"} | mode: no such field here",
                "{\"mode\": \"healthy\", \"receipts\": {}} | receipts.kind: must be string, is missing",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"x\"}} | receipts.kind: must be one of delivered,",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"failed\"}} | receipts.code: must be 1 to 9 digits",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"silent\", \"code\": 1}} | receipts.code: goes only",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"silent\", \"lost\": 2}} | receipts.lost: is 2.0",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"silent\", \"copies\": 0}} | receipts.copies: is 0",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"silent\", \"handset\": 1}} | receipts.handset: must be",
                "{\"mode\": \"healthy\", \"receipts\": {\"kind\": \"silent\", \"late\": 1}} | receipts.late: no such field",
                "{\"rules\": [], \"receipts\": {\"kind\": \"silent\", \"finalAfter\": {\"medianMs\": 5, \"p99Ms\": 4}}}"
                        + " | receipts.finalAfter.p99Ms: is 4 ms",
                "{\"mode\": \"throttle\", \"receipts\": {\"kind\": \"silent\"}} | receipts: go only with healthy",
                "{\"rules\": [{\"mode\": \"healthy\", \"taken\": true}]} | rules[0].taken: goes only with",
                "{\"mode\": \"error\", \"code\": \"1\", \"taken\": true} | taken: goes only with",
                "{\"mode\": \"black_hole\", \"taken\": 1} | taken: must be boolean",
            })
    void namesTheFieldThatItCanNotTake(String json, String error) {
        Reply reply = put("twilio-main", json);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().getString("error")).startsWith(error);
        assertThat(twilio.behavior()).isEqualTo(Behavior.healthy());
    }

    @Test
    void tellsWhenTheHandsetGotIt() {
        got(twilio.behave(
                Behavior.healthy().withReceipts(Receipts.delivered().withLatencies(Latency.NONE, Latency.NONE))));
        done(client.message(twilio, NUMBER));

        JsonObject told =
                get("/providers/twilio-main/calls").json().getJsonArray("calls").getJsonObject(0);

        assertThat(told.getJsonObject("handset"))
                .isEqualTo(new JsonObject()
                        .put("nanos", told.getLong("nanos"))
                        .put("epochMillis", told.getLong("epochMillis")));
    }

    @Test
    void tellsTheCallsInPortionsAndForgetsThem() {
        got(twilio.behave(Behavior.healthy().withReceipts(Receipts.silent())));
        for (int i = 0; i < 5; i++) {
            done(client.message(twilio, NUMBER));
        }

        JsonObject first = get("/providers/twilio-main/calls?limit=3").json();
        JsonObject rest = get("/providers/twilio-main/calls?since=" + first.getLong("next"))
                .json();

        assertThat(first.getJsonArray("calls")).hasSize(3);
        assertThat(rest.getJsonArray("calls")).hasSize(2);
        assertThat(rest.getLong("next")).isEqualTo(5);
        Call last = twilio.calls().get(4);
        assertThat(rest.getJsonArray("calls").getJsonObject(1))
                .isEqualTo(new JsonObject()
                        .put("number", 5)
                        .put("nanos", last.nanos())
                        .put("epochMillis", last.epochMillis())
                        .put("to", NUMBER)
                        .put("text", Client.TEXT)
                        .put("sender", "+15005550006")
                        .put("validitySeconds", 0)
                        .put("attempt", 0)
                        .putNull("statusCallback")
                        .put("messageId", last.messageId())
                        .put("fate", "answered")
                        .put("httpStatus", 201)
                        .putNull("error")
                        .putNull("handset"));

        String url = simulator.controlUrl() + "/providers/twilio-main/calls";
        assertThat(client.control(HttpMethod.DELETE, url, "").status()).isEqualTo(204);
        assertThat(get("/providers/twilio-main/calls").json().getJsonArray("calls"))
                .isEmpty();
        assertThat(twilio.counts().taken()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"since=x, since", "since=-1, since", "limit=0, limit", "limit=10001, limit"})
    void namesTheParameterThatItCanNotTake(String query, String name) {
        Reply reply = get("/providers/twilio-main/calls?" + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().getString("error")).startsWith(name + ": must be");
    }

    @Test
    void knowsNoOtherProviderOrPath() {
        assertThat(get("/providers/nobody").json().getString("error")).contains("twilio-main, sns-eu");
        assertThat(get("/providers/nobody").status()).isEqualTo(404);
        assertThat(get("/").status()).isEqualTo(404);
    }

    @Test
    void closesEveryPortAndMayBeClosedTwice() {
        int port = twilio.port();
        int controlPort = simulator.controlPort();
        got(sns.behave(Mode.refuse()));

        got(simulator.close());
        got(simulator.close());
        assertThatThrownBy(() -> got(twilio.behave(Mode.healthy()))).isInstanceOf(ClosedChannelException.class);

        for (int closed : new int[] {port, controlPort, sns.port()}) {
            assertThatThrownBy(() -> new Socket("127.0.0.1", closed).close()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void startsOnEveryPortOrOnNone() {
        Set<String> before = vertx.deploymentIDs();
        int taken = simulator.controlPort();
        SimulatorSettings settings = SimulatorSettings.onFreePorts()
                .withProvider("free", Vendor.SNS)
                .withProvider(new SimulatorSettings.Provider("taken", Vendor.TWILIO, taken, null));

        assertThatThrownBy(() -> done(Simulator.start(vertx, settings)))
                .hasMessageContaining("port of taken: can't listen on 127.0.0.1:" + taken);

        assertThat(vertx.deploymentIDs()).isEqualTo(before);
    }

    private Behavior told(String json) {
        Reply reply = put("twilio-main", json);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return twilio.behavior();
    }

    private Reply get(String path) {
        return client.control(HttpMethod.GET, simulator.controlUrl() + path, "");
    }

    private Reply put(String name, String json) {
        return client.control(HttpMethod.PUT, simulator.controlUrl() + "/providers/" + name + "/behavior", json);
    }
}
