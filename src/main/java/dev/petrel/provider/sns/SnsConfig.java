package dev.petrel.provider.sns;

import dev.petrel.config.Check;
import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One AWS account in one region.
 *
 * @param endpoint instead of the region's own; plain http is for a simulator only
 * @param senderId where a request names none; null: whatever the account has for the country
 * @param connections the size of the connection pool
 * @param timeout of one submission, from the wait for credentials or a connection to the last byte of the answer
 * @param errorClasses SNS's error codes and what they mean, beyond {@link SnsErrors} or against it
 */
public record SnsConfig(
        String id,
        String region,
        @Nullable URI endpoint,
        @Nullable String senderId,
        int connections,
        Duration timeout,
        Map<String, ReasonClass> errorClasses) {

    private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}");

    /** 1 to 11 letters, digits or hyphens with at least one letter, as SNS has it. */
    private static final Pattern SENDER_ID = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9-]{1,11}");

    public SnsConfig {
        errorClasses = Map.copyOf(errorClasses);
        Check check = Check.of("petrel.providers." + id)
                .that(REGION.matcher(region).matches(), "region", region, "a region, for example eu-west-1")
                .that(
                        endpoint == null || isEndpoint(endpoint),
                        "endpoint",
                        String.valueOf(endpoint),
                        "http or https with a host, and nothing behind it")
                .that(
                        senderId == null || canBeSenderId(senderId),
                        "sender-id",
                        String.valueOf(senderId),
                        "1 to 11 letters, digits or hyphens, at least one of them a letter");
        ErrorTable.checkAdditions(check, errorClasses).done();
    }

    /** The same account, behind another address. */
    public SnsConfig withEndpoint(URI other) {
        return new SnsConfig(id, region, other, senderId, connections, timeout, errorClasses);
    }

    static boolean canBeSenderId(String value) {
        return SENDER_ID.matcher(value).matches();
    }

    private static boolean isEndpoint(URI url) {
        return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                && url.getHost() != null
                && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null;
    }
}
