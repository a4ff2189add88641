package dev.petrel.simulator;

import static dev.petrel.simulator.Client.done;
import static dev.petrel.simulator.Client.form;
import static dev.petrel.simulator.Client.got;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.simulator.Client.Reply;
import java.io.StringReader;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.helpers.DefaultHandler;

class SnsShapeTest extends SimulatorTestCase {
    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    @Test
    void answersWithTheIdOfTheMessage() throws Exception {
        Reply reply = got(client.message(sns, NUMBER));

        Element root = xml(reply.body());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().get("Content-Type")).isEqualTo("text/xml");
        assertThat(root.getLocalName()).isEqualTo("PublishResponse");
        assertThat(root.getNamespaceURI()).isEqualTo(NAMESPACE);
        assertThat(UUID.fromString(text(root, "MessageId")))
                .hasToString(sns.calls().get(0).messageId());
        assertThat(UUID.fromString(text(root, "RequestId"))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "InvalidParameter, PhoneNumber, Action=Publish&Message=000000",
        "InvalidParameter, PhoneNumber, Action=Publish&Message=000000&PhoneNumber=12",
        "InvalidParameter, Empty message, Action=Publish&PhoneNumber=%2B14155550132",
        "InvalidAction, action, Action=Subscribe&PhoneNumber=%2B14155550132",
    })
    void complainsAsSnsDoes(String code, String said, String form) throws Exception {
        Reply reply = got(client.sns(sns, form));

        Element root = xml(reply.body());
        assertThat(reply.status()).isEqualTo(400);
        assertThat(root.getLocalName()).isEqualTo("ErrorResponse");
        assertThat(root.getNamespaceURI()).isEqualTo(NAMESPACE);
        assertThat(text(root, "Type")).isEqualTo("Sender");
        assertThat(text(root, "Code")).isEqualTo(code);
        assertThat(text(root, "Message")).contains(said);
        assertThat(text(root, "RequestId")).isNotEmpty();
    }

    @Test
    void staysReadableWhateverItQuotes() throws Exception {
        got(sns.behave(Mode.error("OptedOut")));

        Reply reply = got(client.message(sns, NUMBER, "<b>&000000</b> ]]> \u0001 ü 😀"));

        assertThat(text(xml(reply.body()), "Message")).contains("<b>&000000</b> ]]>  ü 😀");
    }

    @Test
    void asksForTheKeyThatItWasStartedWith() throws Exception {
        Simulator strict = got(Simulator.start(
                vertx,
                SimulatorSettings.onFreePorts()
                        .withProvider(new SimulatorSettings.Provider("strict", Vendor.SNS, 0, "AKIAEXAMPLE"))));

        Reply reply = got(client.message(strict.provider("strict"), NUMBER));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(text(xml(reply.body()), "Code")).isEqualTo("InvalidClientTokenId");
        got(strict.close());
    }

    @Test
    void writesDownWhatItWasSent() {
        done(client.sns(
                sns,
                form(
                        "Action", "Publish",
                        "Version", "2010-03-31",
                        "PhoneNumber", NUMBER,
                        "Message", "000000\n",
                        "MessageAttributes.entry.1.Name", "AWS.SNS.SMS.SMSType",
                        "MessageAttributes.entry.1.Value.DataType", "String",
                        "MessageAttributes.entry.1.Value.StringValue", "Transactional",
                        "MessageAttributes.entry.2.Name", "AWS.SNS.SMS.SenderID",
                        "MessageAttributes.entry.2.Value.DataType", "String",
                        "MessageAttributes.entry.2.Value.StringValue", "Acme")));

        Call call = sns.calls().get(0);
        assertThat(call.to()).isEqualTo(NUMBER);
        assertThat(call.text()).isEqualTo("000000\n");
        assertThat(call.sender()).isEqualTo("Acme");
    }

    static Element xml(String body) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new DefaultHandler());
        return builder.parse(new InputSource(new StringReader(body))).getDocumentElement();
    }

    private static String text(Element root, String name) {
        return root.getElementsByTagNameNS(NAMESPACE, name).item(0).getTextContent();
    }
}
