package dev.petrel.app;

import dev.petrel.attempt.BreakerConfig;
import dev.petrel.attempt.ProviderConfig;
import dev.petrel.config.Check;
import dev.petrel.delivery.DeliveryConfig;
import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.guard.GuardConfig;
import dev.petrel.kafka.KafkaConfig;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.kafka.RequestConfig;
import dev.petrel.message.NumberType;
import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import dev.petrel.provider.sns.SnsConfig;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.route.RouteConfig;
import dev.petrel.web.ManagementConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which keys there are, with their defaults, and which record each goes into: the settings section by section. */
final class SettingsLoader {
    /** What may stand in tags, headers and the names of variables. */
    private static final Pattern PROVIDER_ID = Pattern.compile("[a-z0-9](-?[a-z0-9]){0,31}");

    /** A number that belongs to no country is of this one, as libphonenumber has it. */
    private static final String NO_COUNTRY = "001";

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** Number plans of their own without an ISO code: Ascension, Tristan da Cunha, Kosovo. */
    private static final Set<String> MORE_COUNTRIES = Set.of("AC", "TA", "XK", NO_COUNTRY);

    private final SettingsReader in;
    private final String hostName;

    SettingsLoader(SettingsReader in, String hostName) {
        this.in = in;
        this.hostName = hostName;
    }

    static Settings load(Map<String, String> file, Map<String, String> env, String hostName) {
        return new SettingsLoader(new SettingsReader(file, env), hostName).load();
    }

    Settings load() {
        KafkaConfig kafka = kafka();
        RequestConfig request = request();
        DeliveryConfig delivery = delivery();
        GuardConfig guard = guard();
        List<Settings.Provider> providers = providers();
        RouteConfig routes = routes();
        ManagementConfig management = management();
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
                || management == null
                || logging == null) {
            throw new IllegalStateException("a record is missing and no mistake was told");
        }
        return new Settings(kafka, request, delivery, guard, providers, routes, management, logging);
    }

    private @Nullable KafkaConfig kafka() {
        String instanceId = in.text("petrel.instance-id", hostName);
        String servers = in.required("petrel.kafka.bootstrap-servers", "host:port, host:port, …");
        String groupId = in.text("petrel.kafka.group-id", "petrel");
        GroupProtocol protocol = in.word("petrel.kafka.group-protocol", GroupProtocol.CLASSIC);
        String requests = in.text("petrel.kafka.topics.requests", "sms.requests");
        String status = in.text("petrel.kafka.topics.status", "sms.status");
        String deadLetter = in.text("petrel.kafka.topics.dead-letter", "sms.requests.dlq");
        Map<String, String> properties = in.mapWithVariables("petrel.kafka.properties");
        Duration rebalanceDrain = in.duration("petrel.rebalance.drain", "5s");
        Duration shutdownDrain = in.duration("petrel.shutdown.drain", "10s");
        KafkaConfig.Topics topics = in.make(() -> new KafkaConfig.Topics(requests, status, deadLetter));
        KafkaConfig.Topics standIn = new KafkaConfig.Topics("requests", "status", "dead-letter");
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
        Set<String> allowed = countries("petrel.request.allowed-countries");
        Set<String> denied = countries("petrel.request.denied-countries");
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
        return in.make(() -> new GuardConfig(allowed, denied, types));
    }

    private Set<String> countries(String key) {
        Set<String> countries = new LinkedHashSet<>(in.list(key, List.of()));
        for (String country : countries) {
            if (!COUNTRIES.contains(country) && !MORE_COUNTRIES.contains(country)) {
                in.wrong(key, country, "ISO 3166 codes of two capital letters, for example US");
            }
        }
        return countries;
    }

    private List<Settings.Provider> providers() {
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
        int maxInFlight = maxInFlight(key);
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
        String accountSid = in.required(key + ".account-sid", "AC and 32 letters or digits");
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
                maxInFlight(key),
                timeout(key),
                errorCodes)));
    }

    private Settings.@Nullable Vendor sns(String id, String key) {
        String region = in.required(key + ".region", "a region, for example eu-west-1");
        URI endpoint = in.uri(key + ".endpoint");
        String senderId = in.optional(key + ".sender-id");
        Map<String, ReasonClass> errorCodes = errorCodes(key);
        return in.make(() -> new Settings.Vendor.Sns(
                new SnsConfig(id, region, endpoint, senderId, maxInFlight(key), timeout(key), errorCodes)));
    }

    private Duration timeout(String key) {
        return in.duration(key + ".timeout", "3s");
    }

    private int maxInFlight(String key) {
        return in.number(key + ".max-in-flight", 500);
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

    private @Nullable RouteConfig routes() {
        int count = in.count("petrel.routes");
        if (count == 0) {
            in.ignoreBelow("petrel.routes");
            in.wrong("petrel.routes", "empty", "a list with at least one route");
        }
        Set<String> ids = new HashSet<>(in.namesBelow("petrel.providers"));
        List<RouteConfig.Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "petrel.routes[" + i + "]";
            Set<String> countries = countries(key + ".countries");
            rules.add(new RouteConfig.Rule(countries, choices(key + ".providers", ids)));
        }
        return in.make(() -> new RouteConfig(rules));
    }

    /** Either ids in the order to try them, or one section for each with priority and weight. */
    private List<RouteConfig.Choice> choices(String key, Set<String> ids) {
        List<RouteConfig.Choice> choices = new ArrayList<>();
        boolean sections = !in.namesBelow(key + "[0]").isEmpty();
        if (sections) {
            for (int i = 0; i < in.count(key); i++) {
                String choice = key + "[" + i + "].";
                choices.add(new RouteConfig.Choice(
                        in.required(choice + "id", "the id of a provider"),
                        in.number(choice + "priority", 1),
                        in.number(choice + "weight", 1)));
            }
        } else {
            for (String id : in.list(key, List.of())) {
                choices.add(new RouteConfig.Choice(id, choices.size() + 1, 1));
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < choices.size(); i++) {
            String id = choices.get(i).provider();
            String where = key + "[" + i + "]" + (sections ? ".id" : "");
            if (!id.isEmpty() && !ids.contains(id)) {
                in.wrong(where, id, "the id of a provider: " + String.join(" or ", in.namesBelow("petrel.providers")));
            }
            if (!seen.add(id)) {
                in.wrong(where, id, "there once in a route");
            }
        }
        return choices;
    }

    private @Nullable ManagementConfig management() {
        int port = in.number("petrel.management.port", 8081);
        String host = in.text("petrel.management.host", "127.0.0.1");
        return in.make(() -> new ManagementConfig(port, host));
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
            Duration most = Settings.CLASSIC_LEASE.minus(Settings.LEASE_MARGIN);
            if (drain.compareTo(most) > 0) {
                in.wrong(
                        "petrel.rebalance.drain",
                        Check.text(drain),
                        "at most " + Check.text(most) + " with group-protocol classic: the lease of "
                                + Check.text(Settings.CLASSIC_LEASE) + " less " + Check.text(Settings.LEASE_MARGIN));
            }
        }
    }
}
