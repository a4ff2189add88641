package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.AttemptTicket;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.receipt.CallbackUrls;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls of the webhook as they stand on the wire: a provider's, and those of whoever would like to be one. Each is of another attempt. */
final class Callbacks {
    static final int PARTITIONS = 4;

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int BODY = 400;

    private final CallbackUrls urls;
    private final Mac mac;
    private final Base64.Encoder base64 = Base64.getEncoder();
    private long count;

    Callbacks(int port) {
        URI publicUrl = URI.create(Petrel.publicUrl(port));
        urls = new CallbackUrls(publicUrl, new CallbackTokens(CallbackKeys.parse(Petrel.KEYS), Duration.ofMinutes(10)));
        try {
            mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Petrel.AUTH_TOKEN.getBytes(UTF_8), "HmacSHA1"));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HmacSHA1", impossible);
        }
    }

    /** A receipt that is taken. */
    Buffer valid() {
        URI url = url();
        SortedMap<String, String> fields = fields();
        return post(url, signature(url, fields), form(fields));
    }

    /** One of several kinds in turn: no token, a changed one, a stolen one without its signature, no form, no POST. */
    Buffer forged() {
        URI url = url();
        String form = form(fields());
        String path = url.getPath();
        return switch ((int) (count % 5)) {
            case 0 -> post(url.resolve("/receipts/" + "x".repeat(250)), "x", form);
            case 1 -> post(url.resolve(path.substring(0, path.length() - 2) + "AA"), "x", form);
            case 2 -> post(url, "A".repeat(27) + "=", form);
            case 3 -> Buffer.buffer(head("POST", path, "application/json", "") + "Content-Length: 2\r\n\r\n{}");
            default -> nobodys();
        };
    }

    /** One that is refused by its path, short. */
    Buffer nobodys() {
        return Buffer.buffer("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    /** To a token of ours, up to its body, of which it tells the length. */
    Buffer begun() {
        return Buffer.buffer(head("POST", url().getPath(), FORM, "x") + "Content-Length: " + BODY + "\r\n\r\n");
    }

    /** The same to a token of nobody. */
    Buffer begunByNobody() {
        return Buffer.buffer(
                head("POST", "/receipts/" + "x".repeat(250), FORM, "x") + "Content-Length: " + BODY + "\r\n\r\n");
    }

    /** To a token of ours, up to a body in chunks. */
    Buffer begunInChunks() {
        return Buffer.buffer(head("POST", url().getPath(), FORM, "x") + "Transfer-Encoding: chunked\r\n\r\n");
    }

    private URI url() {
        long number = count++;
        Instant now = Instant.now();
        return urls.apply(new AttemptTicket(
                "receipt-" + number,
                (int) (number % PARTITIONS),
                number / PARTITIONS,
                "a8XkQ2p1Zr0mVt5y" + number,
                1,
                1,
                "twilio-main",
                "US",
                "+1•••••••87",
                now,
                now.plusSeconds(300)));
    }

    private SortedMap<String, String> fields() {
        String sid = String.format("SM%032d", count);
        return new TreeMap<>(Map.of(
                "AccountSid",
                Petrel.ACCOUNT,
                "ApiVersion",
                "2010-04-01",
                "From",
                "+15005550006",
                "MessageSid",
                sid,
                "MessageStatus",
                "delivered",
                "SmsSid",
                sid,
                "SmsStatus",
                "delivered",
                "To",
                "+12025550187"));
    }

    private static Buffer post(URI url, String signature, String form) {
        return Buffer.buffer(
                head("POST", url.getPath(), FORM, signature) + "Content-Length: " + form.length() + "\r\n\r\n" + form);
    }

    private static String head(String method, String path, String contentType, String signature) {
        return method + " " + path + " HTTP/1.1\r\nHost: petrel.example\r\nContent-Type: " + contentType
                + "\r\nX-Twilio-Signature: " + signature + "\r\n";
    }

    private static String form(SortedMap<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** As the SDK's RequestValidator has it: the URL, and behind it every name with its value, sorted by name. */
    private String signature(URI url, SortedMap<String, String> fields) {
        StringBuilder signed = new StringBuilder(url.toString());
        fields.forEach((name, value) -> signed.append(name).append(value));
        return base64.encodeToString(mac.doFinal(signed.toString().getBytes(UTF_8)));
    }
}
