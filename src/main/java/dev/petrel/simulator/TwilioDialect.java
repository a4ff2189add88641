package dev.petrel.simulator;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.petrel.message.Msisdn;
import dev.petrel.message.Segments;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's Programmable Messaging, version 2010-04-01 (twilio.com/docs/messaging/api/message-resource). Belongs to one
 * event loop.
 */
final class TwilioDialect implements Dialect {
    private static final String JSON = "application/json;charset=utf-8";
    private static final String BEFORE = "/2010-04-01/Accounts/";
    private static final String AFTER = "/Messages.json";

    private final @Nullable String authToken;
    private long dateSecond;
    private String date = "";
    private @Nullable String lastPath;
    private @Nullable String lastAuthorization;
    private @Nullable Account lastAccount;

    /** @param authToken what the password of basic authentication must be; null: anything */
    TwilioDialect(@Nullable String authToken) {
        this.authToken = authToken;
    }

    /** The same object as long as the same client asks: two hundred thousand calls keep it. */
    @Override
    public @Nullable Account account(HttpServerRequest request) {
        String path = request.path();
        String authorization = request.getHeader("Authorization");
        if (!Objects.equals(path, lastPath) || !Objects.equals(authorization, lastAuthorization)) {
            String sid = sid(path);
            lastAccount = sid == null ? null : new Account(sid, password(authorization));
            lastPath = path;
            lastAuthorization = authorization;
        }
        return lastAccount;
    }

    @Override
    public Call read(Form form, Call.Reading reading) {
        String service = form.get("MessagingServiceSid");
        return new Call(
                reading,
                form.get("To"),
                form.get("Body"),
                service != null ? service : form.get("From"),
                form.get("StatusCallback"),
                form.number("ValidityPeriod"),
                form.number("Attempt"));
    }

    @Override
    public @Nullable Answer complaint(HttpServerRequest request, Form form, Call call) {
        Account account = call.account();
        if (account == null || request.method() != HttpMethod.POST) {
            return error(call, "20404", null, null);
        }
        if (authToken != null && !authToken.equals(account.authToken())) {
            return error(call, "20003", null, null);
        }
        String to = call.to();
        String text = call.text();
        if (to == null || to.isEmpty()) {
            return error(call, "21604", null, null);
        }
        if (!Msisdn.isE164(to)) {
            return error(call, "21211", null, null);
        }
        if (call.sender() == null) {
            return error(call, "21603", null, null);
        }
        if (text == null || text.isEmpty()) {
            return error(call, "21602", null, null);
        }
        if (text.length() > 1600) {
            return error(call, "21617", null, null);
        }
        return null;
    }

    @Override
    public Answer accepted(HttpServerRequest request, Call call) {
        String account = sid(request.path());
        String sid = call.messageId();
        String text = call.text() == null ? "" : call.text();
        String sender = call.sender();
        // a messaging service chooses its sender later, and only then knows the segments
        boolean service = sender != null && sender.startsWith("MG");
        String resource = BEFORE + account + "/Messages/" + sid;
        String now = date(call.epochMillis());
        StringBuilder json = new StringBuilder(640 + text.length());
        json.append("{\"account_sid\": \"").append(account).append("\", \"api_version\": \"2010-04-01\", \"body\": ");
        quoted(json, text)
                .append(", \"date_created\": \"")
                .append(now)
                .append("\", \"date_sent\": null, \"date_updated\": \"")
                .append(now)
                .append(
                        "\", \"direction\": \"outbound-api\", \"error_code\": null, \"error_message\": null, \"from\": ");
        quoted(json, service ? null : sender).append(", \"messaging_service_sid\": ");
        quoted(json, service ? sender : null)
                .append(", \"num_media\": \"0\", \"num_segments\": \"")
                .append(service ? 0 : Segments.of(text))
                .append("\", \"price\": null, \"price_unit\": \"USD\", \"sid\": \"")
                .append(sid)
                .append("\", \"status\": \"")
                .append(service ? "accepted" : "queued")
                .append("\", \"subresource_uris\": {\"media\": \"")
                .append(resource)
                .append("/Media.json\"}, \"to\": ");
        quoted(json, call.to()).append(", \"uri\": \"").append(resource).append(".json\"}");
        return Answer.of(201, JSON, json.toString(), null);
    }

    @Override
    public Answer error(Call call, String code, @Nullable Integer status, @Nullable String message) {
        int http = status == null ? TwilioErrors.status(code) : status;
        StringBuilder json = new StringBuilder(320);
        json.append("{\"code\": ");
        if (code.matches("[1-9][0-9]{0,8}")) {
            json.append(code);
        } else {
            json.append('"').append(code).append('"');
        }
        json.append(", \"message\": ");
        quoted(json, (message == null ? TwilioErrors.message(code) : message) + " (" + Dialect.quote(call) + ")")
                .append(", \"more_info\": \"https://www.twilio.com/docs/errors/")
                .append(code)
                .append("\", \"status\": ")
                .append(http)
                .append('}');
        return Answer.of(http, JSON, json.toString(), code);
    }

    @Override
    public Answer failure(Call call, int status) {
        return error(call, status == 503 ? "20503" : "20500", status, null);
    }

    @Override
    public Answer throttled(Call call) {
        return error(call, "20429", 429, null);
    }

    @Override
    public Answer rubbish() {
        return Answer.of(201, JSON, "{\"sid\": \"SM00, \u0001 rubbish", "rubbish_2xx");
    }

    private static @Nullable String sid(@Nullable String path) {
        if (path == null || !path.startsWith(BEFORE) || !path.endsWith(AFTER)) {
            return null;
        }
        int end = path.length() - AFTER.length();
        if (end <= BEFORE.length()) {
            return null;
        }
        for (int i = BEFORE.length(); i < end; i++) {
            if (!Character.isLetterOrDigit(path.charAt(i))) {
                return null;
            }
        }
        return path.substring(BEFORE.length(), end);
    }

    private static @Nullable String password(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return null;
        }
        try {
            byte[] pair = Base64.getDecoder().decode(authorization.substring(6).trim());
            String text = new String(pair, StandardCharsets.UTF_8);
            return text.substring(text.indexOf(':') + 1);
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    /** As Twilio writes it, by RFC 2822; formatting it for every message would cost more than all the rest. */
    private String date(long epochMillis) {
        long second = epochMillis / 1000;
        if (second != dateSecond) {
            date = DateTimeFormatter.RFC_1123_DATE_TIME
                    .format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC))
                    .replace("GMT", "+0000");
            dateSecond = second;
        }
        return date;
    }

    private static StringBuilder quoted(StringBuilder json, @Nullable String value) {
        if (value == null) {
            return json.append("null");
        }
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(value, json);
        return json.append('"');
    }
}
