package dev.petrel.app;

import dev.petrel.config.Check;
import dev.petrel.config.Secret;
import dev.petrel.delivery.DeliveryConfig;
import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.delivery.ReceiptConfig;
import dev.petrel.guard.GuardConfig;
import dev.petrel.guard.Tenant;
import dev.petrel.kafka.GroupSession;
import dev.petrel.kafka.KafkaConfig;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.kafka.RequestConfig;
import dev.petrel.message.NumberType;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.route.RouteConfig;
import dev.petrel.telemetry.TracingConfig;
import dev.petrel.web.ManagementConfig;
import dev.petrel.web.TenantTokens;
import dev.petrel.web.Tokens;
import dev.petrel.web.WebConfig;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which keys there are, with their defaults, and which record each goes into: the settings section by section. */
final class SettingsLoader {
    private static final String PUBLIC_URL = "petrel.web.public-url";

    private final SettingsReader in;
    private final String hostName;

    SettingsLoader(SettingsReader in, String hostName) {
        this.in = in;
        this.hostName = hostName;
    }

    static Settings load(Map<String, String> file, Map<String, String> env, String hostName) {
        return new SettingsLoader(new SettingsReader(new SettingsSource(file, env)), hostName).load();
    }

    Settings load() {
        KafkaConfig kafka = kafka();
        RequestConfig request = request();
        DeliveryConfig delivery = delivery();
        GuardConfig guard = guard();
        List<Settings.Provider> providers = new ProviderSettings(in).read();
        RouteConfig routes = new RouteSettings(in).read();
        WebConfig web = web();
        TenantTokens tenantTokens = tenantTokens();
        boolean on = in.optional(PUBLIC_URL) != null;
        ReceiptConfig receipts = receipts(on);
        CallbackKeys keys = keys(on);
        ManagementConfig management = management();
        TracingConfig tracing = tracing();
        LoggingConfig logging = logging();
        if (kafka != null) {
            checkDrain(kafka, providers);
        }
        in.done();
        if (kafka == null
                || request == null
                || delivery == null
                || guard == null
                || routes == null
                || web == null
                || tenantTokens == null
                || receipts == null
                || keys == null
                || management == null
                || tracing == null) {
            throw new IllegalStateException("a record is missing and no mistake was told");
        }
        return new Settings(
                kafka,
                request,
                delivery,
                guard,
                providers,
                routes,
                web,
                tenantTokens,
                receipts,
                keys,
                management,
                tracing,
                logging);
    }

    private @Nullable KafkaConfig kafka() {
        String instanceId = in.text("petrel.instance-id", hostName);
        String servers = in.required("petrel.kafka.bootstrap-servers", "host:port, host:port, …");
        String groupId = in.text("petrel.kafka.group-id", "petrel");
        GroupProtocol protocol = in.word("petrel.kafka.group-protocol", GroupProtocol.CLASSIC);
        String requests = in.text("petrel.kafka.topics.requests", "sms.requests");
        String status = in.text("petrel.kafka.topics.status", "sms.status");
        String deadLetter = in.text("petrel.kafka.topics.dead-letter", "sms.requests.dlq");
        String feedback = in.text("petrel.kafka.topics.feedback", "sms.feedback");
        String availability = in.text("petrel.kafka.topics.availability", "sms.availability");
        String control = in.text("petrel.kafka.topics.control", "sms.control");
        String instances = in.text("petrel.kafka.topics.instances", "sms.instances");
        Map<String, String> properties = in.mapWithVariables("petrel.kafka.properties");
        Duration rebalanceDrain = in.duration("petrel.rebalance.drain", "5s");
        Duration shutdownDrain = in.duration("petrel.shutdown.drain", "10s");
        KafkaConfig.Topics topics = in.make(
                () -> new KafkaConfig.Topics(requests, status, deadLetter, feedback, availability, control, instances));
        KafkaConfig.Topics standIn = new KafkaConfig.Topics(
                "requests", "status", "dead-letter", "feedback", "availability", "control", "instances");
        KafkaConfig kafka = in.make(() -> new KafkaConfig(
                instanceId,
                servers,
                groupId,
                protocol,
                topics == null ? standIn : topics,
                properties,
                rebalanceDrain,
                shutdownDrain));
        return kafka;
    }

    private @Nullable RequestConfig request() {
        Duration byDefault = in.duration("petrel.request.default-lifetime", "5m");
        Duration most = in.duration("petrel.request.max-lifetime", "10m");
        return in.make(() -> new RequestConfig(byDefault, most));
    }

    private @Nullable DeliveryConfig delivery() {
        Duration minLife = in.duration("petrel.attempt.min-life", "5s");
        int maxCopies = in.number("petrel.attempt.max-copies", 4);
        OnAmbiguous onAmbiguous = in.word("petrel.attempt.on-ambiguous", OnAmbiguous.NEXT);
        Duration backoff = in.duration("petrel.retry.backoff", "1s");
        Duration maxBackoff = in.duration("petrel.retry.max-backoff", "8s");
        int inFlightMax = in.number("petrel.in-flight.max", 2000);
        int heldMax = in.number("petrel.held.max", 100_000);
        long heldMaxBytes = in.bytes("petrel.held.max-bytes", "32MiB");
        Duration patience = in.duration("petrel.held.patience", "30s");
        return in.make(() -> new DeliveryConfig(
                minLife, maxCopies, onAmbiguous, backoff, maxBackoff, inFlightMax, heldMax, heldMaxBytes, patience));
    }

    private @Nullable GuardConfig guard() {
        Set<String> allowed = in.countries("petrel.request.allowed-countries");
        Set<String> denied = in.countries("petrel.request.denied-countries");
        String key = "petrel.request.denied-types";
        Set<NumberType> types = EnumSet.noneOf(NumberType.class);
        for (String word : in.list(key, List.of("premium_rate", "shared_cost", "pager", "uan", "voicemail"))) {
            Stream.of(NumberType.values())
                    .filter(type -> type.wire().equals(word))
                    .findAny()
                    .ifPresentOrElse(
                            types::add,
                            () -> in.wrong(
                                    key,
                                    word,
                                    "of "
                                            + Stream.of(NumberType.values())
                                                    .map(NumberType::wire)
                                                    .collect(Collectors.joining(", "))));
        }
        Map<String, Tenant> tenants = tenants();
        return in.make(() -> new GuardConfig(allowed, denied, types, tenants));
    }

    private Map<String, Tenant> tenants() {
        Map<String, Tenant> tenants = new LinkedHashMap<>();
        for (String name : in.namesBelow("petrel.tenants")) {
            String key = "petrel.tenants." + name;
            tenants.put(
                    name,
                    new Tenant(
                            in.countries(key + ".countries"),
                            Set.copyOf(in.list(key + ".senders", List.of())),
                            in.optionalNumber(key + ".max-per-second")));
        }
        return tenants;
    }

    private @Nullable WebConfig web() {
        int port = in.number("petrel.web.port", 8080);
        String host = in.text("petrel.web.host", "0.0.0.0");
        URI publicUrl = in.uri(PUBLIC_URL);
        return in.make(() -> new WebConfig(port, host, publicUrl));
    }

    private @Nullable ReceiptConfig receipts(boolean on) {
        Duration failoverAfter = in.duration("petrel.receipts.failover-after", "20s");
        Duration window = in.duration("petrel.receipts.window", "10m");
        int maxOpen = in.number("petrel.receipts.max-open", 500_000);
        return in.make(() -> new ReceiptConfig(on, failoverAfter, window, maxOpen));
    }

    private @Nullable CallbackKeys keys(boolean on) {
        String key = "petrel.receipts.keys";
        if (!on && !in.isSet(key) && !in.isSet(key + "-file")) {
            return CallbackKeys.none();
        }
        Secret text = in.secret(key);
        if (in.isUnreadable(key) || in.isUnreadable(key + "-file")) {
            return CallbackKeys.none();
        }
        hideSecretsOf(text);
        return in.make(() -> CallbackKeys.parse(text.value()));
    }

    private @Nullable ManagementConfig management() {
        int port = in.number("petrel.management.port", 8081);
        String host = in.text("petrel.management.host", "127.0.0.1");
        Tokens tokens = tokens();
        return in.make(() -> new ManagementConfig(port, host, tokens == null ? Tokens.none() : tokens));
    }

    private @Nullable Tokens tokens() {
        return secrets("petrel.management.tokens", Tokens.none(), Tokens::parse);
    }

    private @Nullable TenantTokens tenantTokens() {
        return secrets("petrel.web.tokens", TenantTokens.none(), TenantTokens::parse);
    }

    /** A list of {@code name:secret}, which may be left out. */
    private <T> @Nullable T secrets(String key, T none, Function<String, T> parse) {
        if (!in.isSet(key) && !in.isSet(key + "-file")) {
            return none;
        }
        Secret text = in.secret(key);
        if (in.isUnreadable(key) || in.isUnreadable(key + "-file")) {
            return none;
        }
        hideSecretsOf(text);
        return in.make(() -> parse.apply(text.value()));
    }

    /** Of a list of {@code name:secret}. */
    private void hideSecretsOf(Secret list) {
        for (String part : list.value().split(",")) {
            in.hide(part.substring(part.indexOf(':') + 1).strip());
        }
    }

    private @Nullable TracingConfig tracing() {
        URI endpoint = in.uri("petrel.tracing.endpoint");
        int sampleRate = in.number("petrel.tracing.sample-rate", 100);
        return in.make(() -> new TracingConfig(endpoint, sampleRate));
    }

    private LoggingConfig logging() {
        return new LoggingConfig(
                in.word("petrel.logging.format", LoggingConfig.Format.TEXT),
                in.word("petrel.logging.level", LoggingConfig.Level.INFO));
    }

    /** A drain must outlast the slowest attempt, and the lease must outlast the drain. */
    private void checkDrain(KafkaConfig kafka, List<Settings.Provider> providers) {
        Duration drain = kafka.rebalanceDrain();
        for (Settings.Provider provider : providers) {
            Duration least = provider.limits().timeout().plus(Settings.DRAIN_MARGIN);
            if (drain.compareTo(least) < 0) {
                in.wrong(
                        "petrel.rebalance.drain",
                        Check.text(drain),
                        "at least " + Check.text(least) + ": the timeout of " + provider.id() + " and "
                                + Check.text(Settings.DRAIN_MARGIN));
            }
        }
        if (kafka.groupProtocol() == GroupProtocol.CLASSIC) {
            Duration most = GroupSession.CLASSIC_LEASE.minus(Settings.LEASE_MARGIN);
            if (drain.compareTo(most) > 0) {
                in.wrong(
                        "petrel.rebalance.drain",
                        Check.text(drain),
                        "at most " + Check.text(most) + " with group-protocol classic: the lease of "
                                + Check.text(GroupSession.CLASSIC_LEASE) + " less "
                                + Check.text(Settings.LEASE_MARGIN));
            }
        }
    }
}
