package dev.petrel.app;

import dev.petrel.attempt.BreakerConfig;
import dev.petrel.attempt.ProviderConfig;
import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import dev.petrel.provider.sns.SnsConfig;
import dev.petrel.provider.twilio.TwilioConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The section {@code petrel.providers}: what every provider has, and what each vendor wants to know beyond that. */
final class ProviderSettings {
    /** What may stand in tags, headers and the names of variables. */
    private static final Pattern PROVIDER_ID = Pattern.compile("[a-z0-9](-?[a-z0-9]){0,31}");

    /** As many as any in-flight limit lets out: that limit may change while Petrel runs, and a pool can't. */
    private static final int CONNECTIONS = ProviderConfig.MOST_IN_FLIGHT;

    private final SettingsReader in;

    ProviderSettings(SettingsReader in) {
        this.in = in;
    }

    /** Those that could be read. */
    List<Settings.Provider> read() {
        List<String> ids = in.namesBelow("petrel.providers");
        if (ids.isEmpty()) {
            in.ignoreBelow("petrel.providers");
            in.wrong("petrel.providers", "empty", "at least one provider");
        }
        // Read once even where no provider is read, so that it is known.
        Duration maxWait = in.duration("petrel.attempt.max-wait", "1s");
        List<Settings.Provider> providers = new ArrayList<>();
        for (String id : ids) {
            Settings.Provider provider = provider(id, maxWait);
            if (provider != null) {
                providers.add(provider);
            }
        }
        return providers;
    }

    private Settings.@Nullable Provider provider(String id, Duration maxWait) {
        String key = "petrel.providers." + id;
        if (!PROVIDER_ID.matcher(id).matches()) {
            in.ignoreBelow(key);
            in.wrong(key, "a name that can't be", "1 to 32 of a-z 0-9 and single hyphens between them");
            return null;
        }
        String type = in.required(key + ".type", "twilio or sns");
        if (!type.equals("twilio") && !type.equals("sns")) {
            in.ignoreBelow(key);
            if (!type.isEmpty()) {
                in.wrong(key + ".type", type, "twilio or sns");
            }
            return null;
        }
        ProviderConfig limits = limits(id, key, maxWait);
        Settings.Vendor vendor = type.equals("twilio") ? twilio(id, key) : sns(id, key);
        return limits == null || vendor == null ? null : new Settings.Provider(limits, vendor);
    }

    private @Nullable ProviderConfig limits(String id, String key, Duration maxWait) {
        Duration timeout = timeout(key);
        int maxInFlight = in.number(key + ".max-in-flight", 500);
        Integer maxPerSecond = in.optionalNumber(key + ".max-per-second");
        String breaker = key + ".circuit-breaker.";
        int failureRate = in.number(breaker + "failure-rate", 50);
        Duration slowCall = in.duration(breaker + "slow-call", "2s");
        int slowCallRate = in.number(breaker + "slow-call-rate", 80);
        int window = in.number(breaker + "window", 50);
        int minimumCalls = in.number(breaker + "minimum-calls", 20);
        Duration openFor = in.duration(breaker + "open-for", "10s");
        int halfOpenCalls = in.number(breaker + "half-open-calls", 10);
        BreakerConfig made = in.make(() -> new BreakerConfig(
                key, failureRate, slowCall, slowCallRate, window, minimumCalls, openFor, halfOpenCalls));
        BreakerConfig standIn =
                new BreakerConfig(key, 50, Duration.ofSeconds(2), 80, 50, 20, Duration.ofSeconds(10), 10);
        ProviderConfig limits = in.make(() ->
                new ProviderConfig(id, timeout, maxInFlight, maxPerSecond, maxWait, made == null ? standIn : made));
        return made == null ? null : limits;
    }

    private Settings.@Nullable Vendor twilio(String id, String key) {
        String accountSid = in.required(key + ".account-sid", "AC and up to 64 letters or digits");
        var authToken = in.secret(key + ".auth-token");
        String service = in.optional(key + ".messaging-service-sid");
        String from = in.optional(key + ".from");
        URI baseUrl = in.uri(key + ".base-url");
        Map<String, ReasonClass> errorCodes = errorCodes(key);
        return in.make(() -> new Settings.Vendor.Twilio(new TwilioConfig(
                id,
                accountSid,
                authToken,
                service,
                from,
                baseUrl == null ? TwilioConfig.DEFAULT_BASE_URL : baseUrl,
                CONNECTIONS,
                timeout(key),
                errorCodes)));
    }

    private Settings.@Nullable Vendor sns(String id, String key) {
        String region = in.required(key + ".region", "a region, for example eu-west-1");
        URI endpoint = in.uri(key + ".endpoint");
        String senderId = in.optional(key + ".sender-id");
        Map<String, ReasonClass> errorCodes = errorCodes(key);
        return in.make(() -> new Settings.Vendor.Sns(
                new SnsConfig(id, region, endpoint, senderId, CONNECTIONS, timeout(key), errorCodes)));
    }

    private Duration timeout(String key) {
        return in.duration(key + ".timeout", "3s");
    }

    private Map<String, ReasonClass> errorCodes(String key) {
        Map<String, ReasonClass> codes = new LinkedHashMap<>();
        in.map(key + ".error-codes")
                .forEach((code, word) -> Stream.of(ReasonClass.values())
                        .filter(reasonClass -> reasonClass.wire().equals(word))
                        .findAny()
                        .ifPresentOrElse(
                                reasonClass -> codes.put(code, reasonClass),
                                () -> in.wrong(key + ".error-codes." + code, word, "one of " + ErrorTable.answers())));
        return codes;
    }
}
