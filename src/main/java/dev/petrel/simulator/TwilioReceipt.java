package dev.petrel.simulator;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One status callback as Twilio posts it (twilio.com/docs/messaging/guides/track-outbound-message-status), signed as
 * twilio.com/docs/usage/security says.
 *
 * @param url without its fragment, which is for Twilio alone: it is neither sent nor signed
 * @param signature null where the client showed no password to sign with
 * @param retries how often a call that fails is made again: {@code #rc=N}, else once
 */
record TwilioReceipt(String url, Buffer form, @Nullable String signature, int retries) {
    private static final int MOST_RETRIES = 5;

    /** @throws IllegalArgumentException if this call named no URL, or no account */
    static TwilioReceipt of(Call call, String status, @Nullable String errorCode) {
        String callback = call.statusCallback();
        Account account = call.account();
        if (callback == null || account == null) {
            throw new IllegalArgumentException(call + " came without StatusCallback or account");
        }
        int hash = callback.indexOf('#');
        String url = hash < 0 ? callback : callback.substring(0, hash);
        SortedMap<String, String> fields = fields(call, account, status, errorCode);
        String token = account.authToken();
        return new TwilioReceipt(
                url,
                form(fields),
                token == null || token.isEmpty() ? null : signature(token, url, fields),
                hash < 0 ? 1 : retries(callback.substring(hash + 1)));
    }

    private static SortedMap<String, String> fields(
            Call call, Account account, String status, @Nullable String errorCode) {
        SortedMap<String, String> fields = new TreeMap<>();
        String sid = call.messageId();
        fields.put("MessageSid", sid);
        fields.put("SmsSid", sid);
        fields.put("MessageStatus", status);
        fields.put("SmsStatus", status);
        fields.put("AccountSid", account.sid());
        fields.put("ApiVersion", "2010-04-01");
        if (call.to() != null) {
            fields.put("To", call.to());
        }
        String sender = call.sender();
        if (sender != null) {
            fields.put(sender.startsWith("MG") ? "MessagingServiceSid" : "From", sender);
        }
        if (errorCode != null) {
            fields.put("ErrorCode", errorCode);
        }
        return fields;
    }

    /** The URL, and behind it every name with its value, sorted by name, in HMAC-SHA1. */
    static String signature(String authToken, String url, SortedMap<String, String> fields) {
        StringBuilder signed = new StringBuilder(url);
        fields.forEach((name, value) -> signed.append(name).append(value));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(authToken.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }

    private static Buffer form(Map<String, String> fields) {
        StringBuilder form = new StringBuilder(320);
        fields.forEach((name, value) -> form.append(form.length() == 0 ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return Buffer.buffer(form.toString());
    }

    /** Twilio's connection overrides (twilio.com/docs/usage/webhooks/webhooks-connection-overrides). */
    private static int retries(String fragment) {
        for (String override : fragment.split("&")) {
            if (override.matches("rc=[0-9]{1,4}")) {
                return Math.min(Integer.parseInt(override.substring(3)), MOST_RETRIES);
            }
        }
        return 1;
    }
}
