package dev.petrel.simulator;

import static dev.petrel.simulator.Client.done;
import static dev.petrel.simulator.Client.form;
import static dev.petrel.simulator.Client.got;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.twilio.exception.RestException;
import com.twilio.rest.api.v2010.account.Message;
import dev.petrel.simulator.Client.Reply;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Twilio's own library is the witness. */
class TwilioShapeTest extends SimulatorTestCase {
    private static final ObjectMapper TWILIO = new ObjectMapper().registerModule(new JavaTimeModule());

    @Test
    void answersWithAMessageThatTwiliosLibraryReads() {
        String text = "000000 is \"your\" code \\ ü €\n\n@acme.example #000000";
        Reply reply = got(client.message(twilio, NUMBER, text));

        Message message = Message.fromJson(reply.body(), TWILIO);
        assertThat(reply.status()).isEqualTo(201);
        assertThat(message.getSid())
                .matches("SM[0-9a-f]{32}")
                .isEqualTo(twilio.calls().get(0).messageId());
        assertThat(message.getStatus()).isEqualTo(Message.Status.QUEUED);
        assertThat(message.getBody()).isEqualTo(text);
        assertThat(message.getTo()).isEqualTo(NUMBER);
        assertThat(message.getFrom()).hasToString("+15005550006");
        assertThat(message.getAccountSid()).isEqualTo(Client.ACCOUNT);
        assertThat(message.getNumSegments()).isEqualTo("1");
        assertThat(message.getErrorCode()).isNull();
        assertThat(message.getDateCreated()).isNotNull();
        assertThat(message.getUri()).endsWith(message.getSid() + ".json");
    }

    @Test
    void acceptsForAMessagingServiceWithoutKnowingTheSenderYet() {
        String service = "MG00000000000000000000000000000000";
        Reply reply = got(client.twilio(twilio, form("To", NUMBER, "MessagingServiceSid", service, "Body", "000000")));

        Message message = Message.fromJson(reply.body(), TWILIO);
        assertThat(message.getStatus()).isEqualTo(Message.Status.ACCEPTED);
        assertThat(message.getMessagingServiceSid()).isEqualTo(service);
        assertThat(message.getFrom()).isNull();
        assertThat(twilio.calls().get(0).sender()).isEqualTo(service);
    }

    @ParameterizedTest
    @CsvSource({
        "21604, From=%2B15005550006&Body=000000",
        "21211, To=12&From=%2B15005550006&Body=000000",
        "21603, To=%2B14155550132&Body=000000",
        "21602, To=%2B14155550132&From=%2B15005550006",
    })
    void complainsAsTwilioDoes(int code, String form) {
        Reply reply = got(client.twilio(twilio, form));

        RestException error =
                RestException.fromJson(new ByteArrayInputStream(reply.body().getBytes(StandardCharsets.UTF_8)), TWILIO);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(error.getStatus()).isEqualTo(400);
        assertThat(error.getCode()).isEqualTo(code);
        assertThat(error.getMoreInfo()).isEqualTo("https://www.twilio.com/docs/errors/" + code);
        assertThat(twilio.calls().get(0).accepted()).isFalse();
        assertThat(twilio.calls().get(0).error()).isEqualTo(Integer.toString(code));
    }

    @Test
    void complainsOfATextThatIsTooLong() {
        assertThat(got(client.message(twilio, NUMBER, "x".repeat(1601))).json().getInteger("code"))
                .isEqualTo(21617);
        assertThat(got(client.message(twilio, NUMBER, "x".repeat(1600))).status())
                .isEqualTo(201);
    }

    @Test
    void asksForTheTokenThatItWasStartedWith() {
        Simulator strict = got(Simulator.start(
                vertx,
                SimulatorSettings.onFreePorts()
                        .withProvider(new SimulatorSettings.Provider("right", Vendor.TWILIO, 0, "token"))
                        .withProvider(new SimulatorSettings.Provider("wrong", Vendor.TWILIO, 0, "other"))));

        Reply wrong = got(client.message(strict.provider("wrong"), NUMBER));
        assertThat(got(client.message(strict.provider("right"), NUMBER)).status())
                .isEqualTo(201);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.json().getInteger("code")).isEqualTo(20003);
        got(strict.close());
    }

    @Test
    void knowsNoOtherPath() {
        Reply reply = got(client.send(
                HttpMethod.POST,
                twilio.url() + "/2010-04-01/Accounts.json",
                MultiMap.caseInsensitiveMultiMap(),
                "To=%2B14155550132"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().getInteger("code")).isEqualTo(20404);
    }

    @Test
    void writesDownWhatItWasSent() {
        long before = System.nanoTime();
        done(client.twilio(
                twilio,
                form(
                        "To", NUMBER,
                        "From", "+15005550006",
                        "Body", "000000 + ü",
                        "ValidityPeriod", "250",
                        "Attempt", "2",
                        "StatusCallback", "https://petrel.example/r?a=1&b=2")));

        Call call = twilio.calls().get(0);
        assertThat(call.number()).isEqualTo(1);
        assertThat(call.to()).isEqualTo(NUMBER);
        assertThat(call.text()).isEqualTo("000000 + ü");
        assertThat(call.sender()).isEqualTo("+15005550006");
        assertThat(call.validitySeconds()).isEqualTo(250);
        assertThat(call.attempt()).isEqualTo(2);
        assertThat(call.statusCallback()).isEqualTo("https://petrel.example/r?a=1&b=2");
        assertThat(call.nanos()).isBetween(before, System.nanoTime());
        assertThat(call).asString().doesNotContain(NUMBER, "000000");
    }
}
