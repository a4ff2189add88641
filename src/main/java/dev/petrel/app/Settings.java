package dev.petrel.app;

import dev.petrel.attempt.ProviderConfig;
import dev.petrel.config.InvalidSettings;
import dev.petrel.config.Secret;
import dev.petrel.delivery.DeliveryConfig;
import dev.petrel.delivery.ReceiptConfig;
import dev.petrel.guard.GuardConfig;
import dev.petrel.kafka.KafkaConfig;
import dev.petrel.kafka.RequestConfig;
import dev.petrel.provider.sns.SnsConfig;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.route.RouteConfig;
import dev.petrel.telemetry.TracingConfig;
import dev.petrel.web.ManagementConfig;
import dev.petrel.web.TenantTokens;
import dev.petrel.web.WebConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Every setting, read and checked, as it was at one time; {@link LiveSettings} follows what may change.
 *
 * @param providers in the order of the file
 * @param tenantTokens none: HTTP in is off
 * @param keys none where receipts are off and none were given
 */
public record Settings(
        KafkaConfig kafka,
        RequestConfig request,
        DeliveryConfig delivery,
        GuardConfig guard,
        List<Provider> providers,
        RouteConfig routes,
        WebConfig web,
        TenantTokens tenantTokens,
        ReceiptConfig receipts,
        CallbackKeys keys,
        ManagementConfig management,
        TracingConfig tracing,
        LoggingConfig logging) {

    /** What a drain must leave of a lease, and what a provider's timeout must leave of a drain. */
    static final Duration LEASE_MARGIN = Duration.ofSeconds(3);

    static final Duration DRAIN_MARGIN = Duration.ofSeconds(1);

    public Settings {
        providers = List.copyOf(providers);
    }

    /** One provider: how hard to lean on it, and how to reach it. */
    public record Provider(ProviderConfig limits, Vendor vendor) {
        public String id() {
            return limits.id();
        }

        /** What of it changes with a restart only: its timeout, and all about its vendor but the token. */
        List<Object> fixed() {
            Vendor known = vendor instanceof Vendor.Twilio twilio
                    ? new Vendor.Twilio(twilio.config().withAuthToken(new Secret("any")))
                    : vendor;
            return List.of(limits.timeout(), known);
        }
    }

    /** Who stands behind a provider. */
    public sealed interface Vendor {
        record Twilio(TwilioConfig config) implements Vendor {}

        record Sns(SnsConfig config) implements Vendor {}
    }

    /** @param id of one that is there */
    Provider provider(String id) {
        for (Provider provider : providers) {
            if (provider.id().equals(id)) {
                return provider;
            }
        }
        throw new IllegalArgumentException("no such provider");
    }

    /** How long a request may matter: what was told of it, and asked, is read back for so long. */
    public Duration journalWindow() {
        Duration receipted = receipts.on() ? receipts.window() : Duration.ZERO;
        return request.maxLifetime().plus(receipted).plusMinutes(1);
    }

    /** @throws InvalidSettings with everything that is wrong */
    public static Settings read(Path file, Map<String, String> env) {
        return SettingsLoader.load(SettingsFile.read(file), env, hostName(env));
    }

    /** Without its domain, as Kubernetes names pods; the lookup may know more than the variable. */
    private static String hostName(Map<String, String> env) {
        String name = env.getOrDefault("HOSTNAME", "");
        if (name.isBlank()) {
            try {
                name = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unnamed) {
                name = "petrel";
            }
        }
        return name.split("\\.", 2)[0];
    }
}
