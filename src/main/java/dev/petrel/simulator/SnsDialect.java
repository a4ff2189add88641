package dev.petrel.simulator;

import dev.petrel.message.Msisdn;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** SNS's query API, version 2010-03-31 (docs.aws.amazon.com/sns/latest/api). Signatures are not checked. */
final class SnsDialect implements Dialect {
    private static final String XML = "text/xml";
    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    private final @Nullable String accessKeyId;

    /** @param accessKeyId what the signature must name as its key; null: anything, and no signature will do too */
    SnsDialect(@Nullable String accessKeyId) {
        this.accessKeyId = accessKeyId;
    }

    @Override
    public @Nullable Account account(HttpServerRequest request) {
        return null;
    }

    @Override
    public Call read(Form form, Call.Reading reading) {
        return new Call(
                reading,
                form.get("PhoneNumber"),
                form.get("Message"),
                form.besides("AWS.SNS.SMS.SenderID", ".Name", ".Value.StringValue"),
                null,
                0,
                0);
    }

    @Override
    public @Nullable Answer complaint(HttpServerRequest request, Form form, Call call) {
        if (request.method() != HttpMethod.POST || !"Publish".equals(form.get("Action"))) {
            return error(call, "InvalidAction", null, "The action or operation requested is invalid");
        }
        if (accessKeyId != null && !names(request.getHeader("Authorization"), accessKeyId)) {
            return error(call, "InvalidClientTokenId", null, null);
        }
        String to = call.to();
        String text = call.text();
        if (to == null || to.isEmpty()) {
            return error(
                    call,
                    "InvalidParameter",
                    null,
                    "Invalid parameter: PhoneNumber Reason: no value for required parameter");
        }
        if (!Msisdn.isE164(to)) {
            return error(call, "InvalidParameter", null, null);
        }
        if (text == null || text.isEmpty()) {
            return error(call, "InvalidParameter", null, "Invalid parameter: Empty message");
        }
        if (text.length() > 1600) {
            return error(call, "InvalidParameter", null, "Invalid parameter: Message too long");
        }
        return null;
    }

    @Override
    public Answer accepted(HttpServerRequest request, Call call) {
        String id = call.messageId();
        return Answer.of(
                200,
                XML,
                "<PublishResponse xmlns=\"" + NAMESPACE + "\"><PublishResult><MessageId>" + id
                        + "</MessageId></PublishResult><ResponseMetadata><RequestId>" + requestId(call)
                        + "</RequestId></ResponseMetadata></PublishResponse>",
                null);
    }

    @Override
    public Answer error(Call call, String code, @Nullable Integer status, @Nullable String message) {
        int http = status == null ? SnsErrors.status(code) : status;
        StringBuilder xml = new StringBuilder(420);
        xml.append("<ErrorResponse xmlns=\"")
                .append(NAMESPACE)
                .append("\"><Error><Type>")
                .append(http >= 500 ? "Receiver" : "Sender")
                .append("</Type><Code>")
                .append(code)
                .append("</Code><Message>");
        escaped(xml, message == null ? SnsErrors.message(code) : message).append(" (");
        escaped(xml, Dialect.quote(call))
                .append(")</Message></Error><RequestId>")
                .append(requestId(call))
                .append("</RequestId></ErrorResponse>");
        return Answer.of(http, XML, xml.toString(), code);
    }

    @Override
    public Answer failure(Call call, int status) {
        return error(call, status == 503 ? "ServiceUnavailable" : "InternalError", status, null);
    }

    @Override
    public Answer throttled(Call call) {
        return error(call, "Throttled", 429, null);
    }

    @Override
    public Answer rubbish() {
        return Answer.of(200, XML, "<PublishResponse><MessageId>00, \u0001 rubbish", "rubbish_2xx");
    }

    /** Another id than the message's, and as little random. */
    private static String requestId(Call call) {
        long high = Ruling.mix(call.nanos());
        return new UUID(high, Ruling.mix(high)).toString();
    }

    private static boolean names(@Nullable String authorization, String accessKeyId) {
        return authorization != null && authorization.contains("Credential=" + accessKeyId + "/");
    }

    /** Leaves out what XML 1.0 can't hold (section 2.2). */
    private static StringBuilder escaped(StringBuilder xml, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '&' -> xml.append("&amp;");
                case '\t', '\n' -> xml.append(c);
                case '\r' -> xml.append("&#13;");
                default -> {
                    if (c >= ' ' && c < '\uFFFE') {
                        xml.append(c);
                    }
                }
            }
        }
        return xml;
    }
}
