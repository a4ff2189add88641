package dev.petrel.provider.twilio;

import dev.petrel.config.Check;
import dev.petrel.config.Secret;
import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One account at Twilio.
 *
 * @param messagingServiceSid the messaging service that picks the sender; either this or {@code from}
 * @param from the sender: a number, a short code or a name of up to eleven characters
 * @param baseUrl of the API; plain http is for a simulator only, for the token goes with every request
 * @param connections the size of the connection pool
 * @param timeout of one submission, from the wait for a connection to the last byte of the answer
 * @param errorClasses Twilio's error codes and what they mean, beyond {@link TwilioErrors} or against it
 */
public record TwilioConfig(
        String id,
        String accountSid,
        Secret authToken,
        @Nullable String messagingServiceSid,
        @Nullable String from,
        URI baseUrl,
        int connections,
        Duration timeout,
        Map<String, ReasonClass> errorClasses) {

    public static final URI DEFAULT_BASE_URL = URI.create("https://api.twilio.com");

    private static final Pattern ACCOUNT_SID = Pattern.compile("AC[0-9A-Za-z]{1,64}");
    private static final Pattern MESSAGING_SERVICE_SID = Pattern.compile("MG[0-9A-Za-z]{1,64}");
    /** A number, a short code, or a name with at least one letter, as Twilio has it. */
    private static final Pattern FROM =
            Pattern.compile("\\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 &+_.-]{1,11}");

    public TwilioConfig {
        errorClasses = Map.copyOf(errorClasses);
        Check check = Check.of("petrel.providers." + id)
                .that(
                        ACCOUNT_SID.matcher(accountSid).matches(),
                        "account-sid",
                        accountSid,
                        "AC and up to 64 letters or digits")
                .that(!authToken.value().isBlank(), "auth-token", "empty", "the account's token")
                .that(
                        (messagingServiceSid == null) != (from == null),
                        "messaging-service-sid",
                        messagingServiceSid == null ? "absent, and from too" : "there, and from too",
                        "the one, or from the other")
                .that(
                        messagingServiceSid == null
                                || MESSAGING_SERVICE_SID
                                        .matcher(messagingServiceSid)
                                        .matches(),
                        "messaging-service-sid",
                        String.valueOf(messagingServiceSid),
                        "MG and up to 64 letters or digits")
                .that(
                        from == null || canBeFrom(from),
                        "from",
                        String.valueOf(from),
                        "a number with +, a short code, or a name of 1 to 11 characters")
                .that(isBase(baseUrl), "base-url", baseUrl, "http or https with a host, and nothing behind its path");
        ErrorTable.checkAdditions(check, errorClasses).done();
    }

    /** The same account, behind another address. */
    public TwilioConfig withBaseUrl(URI other) {
        return new TwilioConfig(
                id, accountSid, authToken, messagingServiceSid, from, other, connections, timeout, errorClasses);
    }

    /** The same account with another token. */
    public TwilioConfig withAuthToken(Secret other) {
        return new TwilioConfig(
                id, accountSid, other, messagingServiceSid, from, baseUrl, connections, timeout, errorClasses);
    }

    static boolean canBeFrom(String value) {
        return FROM.matcher(value).matches();
    }

    private static boolean isBase(URI url) {
        return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null;
    }
}
