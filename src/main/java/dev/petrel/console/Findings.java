package dev.petrel.console;

import dev.petrel.availability.CountryState;
import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Decision;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Health;
import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.Level;
import dev.petrel.console.Board.Provider;
import dev.petrel.console.Board.State;
import dev.petrel.console.Board.Totals;
import dev.petrel.console.Board.Verdict;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong, for somebody who has never seen Petrel: which provider or instance, where, since when, what Petrel does
 * about it, and what he may do. Bad is what users feel; what Petrel copes with is a warning.
 */
final class Findings {
    private static final Set<Health> ILL = EnumSet.of(Health.FAILING, Health.SILENT, Health.SLOW);
    private static final Duration AVAILABILITY_SILENT = Duration.ofSeconds(30);
    /** Lines come every two seconds: a partition that goes from hand to hand seems to be nobody's meanwhile. */
    private static final Duration CHANGING_HANDS = Duration.ofSeconds(5);

    private static final int COUNTRIES_NAMED = 4;
    /** Requests that nobody has begun are normal for as long as it takes to begin them. */
    private static final long LAG_SECONDS = 5;

    private static final long LAG_LEAST = 100;
    /** What began so soon after the page's story does may have begun before it. */
    private static final Duration AT_THE_EDGE = Duration.ofSeconds(30);
    /** Why a code goes on to another provider, where that speaks against the first. */
    private static final Set<String> AGAINST = Stream.of(
                    Stream.of(Reasons.SILENCE),
                    Stream.of(SkipReason.BREAKER_OPEN, SkipReason.NOT_DELIVERING, SkipReason.RESTING)
                            .map(SkipReason::wire),
                    Arrays.stream(ReasonClass.values()).filter(Reasons::against).map(ReasonClass::wire))
            .flatMap(each -> each)
            .collect(Collectors.toUnmodifiableSet());

    private final Instant now;
    private final Instant readFrom;
    private final List<Decision> current;
    private final List<Cell> cells;
    private final List<Provider> providers;
    private final Map<String, CountryState> countries;
    private final List<Instance> instances;
    private final List<Integer> unowned;
    private final @Nullable Instant unownedSince;
    /** Else it may have been so before anybody looked. */
    private final boolean ownersSeen;

    private final Totals totals;
    private final Ears ears;
    private final boolean crowded;

    Findings(
            Instant now,
            Instant readFrom,
            List<Decision> decisions,
            List<Cell> cells,
            List<Provider> providers,
            List<CountryState> countries,
            List<Instance> instances,
            List<Integer> unowned,
            @Nullable Instant unownedSince,
            boolean ownersSeen,
            Totals totals,
            Ears ears,
            boolean crowded) {
        this.now = now;
        this.readFrom = readFrom;
        this.ears = ears;
        this.crowded = crowded;
        this.current = decisions.stream().filter(decision -> !decision.over()).toList();
        this.cells = cells;
        this.providers = providers;
        this.countries = countries.stream()
                .collect(Collectors.toMap(CountryState::country, state -> state, (one, other) -> other, TreeMap::new));
        this.instances = instances;
        this.unowned = unowned;
        this.unownedSince = unownedSince;
        this.ownersSeen = ownersSeen;
        this.totals = totals;
    }

    /** The worst first, and among these who fails before who suffers. */
    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        illProviders().forEach((provider, ill) -> findings.add(ill(provider, ill)));
        blocked().forEach(findings::add);
        resting().forEach(findings::add);
        deaf().forEach(findings::add);
        List<CountryState> ill = countries.values().stream()
                .filter(state -> state.state() != CountryState.State.OK)
                .toList();
        ill.stream()
                .filter(state -> ill.size() == 1 || !state.country().equals(CountryState.ALL))
                .map(this::country)
                .forEach(findings::add);
        noProvider().forEach(findings::add);
        availability().forEach(findings::add);
        instances.stream()
                .filter(instance -> instance.state() != State.OK)
                .map(this::instance)
                .forEach(findings::add);
        partitions().forEach(findings::add);
        lag().forEach(findings::add);
        unseen().forEach(findings::add);
        findings.sort(Comparator.comparing(Finding::level).reversed()); // stable
        return findings;
    }

    static Verdict verdict(
            List<Finding> findings,
            List<CountryState> countries,
            List<Instance> instances,
            Totals totals,
            Instant now) {
        if (findings.isEmpty()) {
            return instances.isEmpty()
                    ? new Verdict(Level.WARN, "no instance has said anything of itself")
                    : new Verdict(Level.OK, well(countries, instances, totals));
        }
        Finding worst = findings.get(0);
        String more = findings.size() == 1 ? "" : ", and " + (findings.size() - 1) + " more";
        boolean copes = worst.level() != Level.BAD && arrive(countries, now);
        return new Verdict(worst.level(), worst.title() + more + (copes ? ". Codes arrive all the same" : ""));
    }

    /** @param known what is known nevertheless; null: nothing */
    static Verdict unsure(@Nullable String missing, @Nullable Verdict known) {
        String words = missing == null ? "not everything is read yet" : missing;
        if (known == null) {
            return new Verdict(Level.WARN, words);
        }
        Level level = known.level() == Level.BAD ? Level.BAD : Level.WARN;
        return new Verdict(level, words + "; until then: " + known.words());
    }

    /** Whether somebody has just measured that they do. */
    private static boolean arrive(List<CountryState> countries, Instant now) {
        return countries.stream()
                .anyMatch(state -> state.country().equals(CountryState.ALL)
                        && state.state() == CountryState.State.OK
                        && state.inHandShare() != null
                        && Duration.between(state.at(), now).compareTo(AVAILABILITY_SILENT) <= 0);
    }

    private static String well(List<CountryState> countries, List<Instance> instances, Totals totals) {
        Double share = countries.stream()
                .filter(state -> state.country().equals(CountryState.ALL))
                .map(CountryState::inHandShare)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        String inHand = share == null
                ? "no code was measured"
                : String.format(Locale.ROOT, "%d %% are in hand within 30 s", (int) Math.floor(share * 100));
        return String.format(
                Locale.ROOT,
                "All is well: %.1f codes a second, %s; %d %s",
                totals.perSecond(),
                inHand,
                instances.size(),
                instances.size() == 1 ? "instance" : "instances");
    }

    /** By provider: the cells that are ill. One that is slow here and fails there is told once. */
    private Map<String, List<Cell>> illProviders() {
        Map<String, List<Cell>> ill = new TreeMap<>();
        for (Provider provider : providers) {
            if (!provider.openAt().isEmpty()) {
                ill.put(provider.provider(), new ArrayList<>());
            }
        }
        cells.stream()
                .filter(cell -> ILL.contains(cell.health()))
                .filter(cell -> cell.why() != ReasonClass.GEO_BLOCKED && cell.why() != ReasonClass.THROTTLED)
                .forEach(cell -> ill.computeIfAbsent(cell.provider(), first -> new ArrayList<>())
                        .add(cell));
        return ill;
    }

    private Finding ill(String id, List<Cell> ill) {
        Provider provider = providers.stream()
                .filter(each -> each.provider().equals(id))
                .findFirst()
                .orElse(null);
        boolean open = provider != null && !provider.openAt().isEmpty();
        Health worst = open
                ? Health.FAILING
                : ill.stream().map(Cell::health).max(Comparator.naturalOrder()).orElse(Health.FAILING);
        List<Cell> worstCells = ill.stream()
                .filter(cell -> cell.health() == worst)
                .sorted(Comparator.comparingInt(Cell::attempts).reversed())
                .toList();
        Set<String> where = ill.stream().map(Cell::country).collect(Collectors.toCollection(TreeSet::new));
        if (provider != null && open && isWellElsewhere(provider, ill)) {
            return onlySomewhere(provider);
        }
        Instant since = since(provider, ill);
        List<Decision> around = current.stream()
                .filter(decision -> id.equals(decision.from()) && AGAINST.contains(decision.why()))
                .filter(decision -> open || where.contains(decision.country()))
                .toList();
        Set<String> instead = instead(around);
        boolean felt = where.stream().anyMatch(this::isNotOk)
                || worst != Health.SLOW
                        && worstCells.stream()
                                .anyMatch(cell -> isHalfLost(cell) && nobodyElseTakes(id, cell.country()));
        return new Finding(
                "provider/" + id,
                felt ? Level.BAD : Level.WARN,
                id + " " + fails(worst) + (where.isEmpty() ? "" : " in " + named(where)),
                since,
                what(worst, worstCells, around, provider) + perhapsEarlier(since, provider),
                done(provider, around, instead, open, since),
                may(id, where, worstCells, instead, open),
                id,
                where.size() == 1 && !open ? where.iterator().next() : null,
                page(worst, worstCells));
    }

    private static String page(Health worst, List<Cell> worstCells) {
        if (worst == Health.SILENT) {
            return "petrelprovidernotdelivering";
        }
        return worstCells.stream().anyMatch(cell -> cell.why() == ReasonClass.PROVIDER_FAULT)
                ? "petrelproviderfault"
                : "petrelproviderdown";
    }

    private String perhapsEarlier(@Nullable Instant since, @Nullable Provider provider) {
        if (since == null
                || provider != null && since.equals(provider.since())
                || since.isAfter(readFrom.plus(AT_THE_EDGE))) {
            return "";
        }
        return "; perhaps for longer, since this page looks back no further";
    }

    /** Whether some instances reach it, in all countries, while its breaker is open at others. */
    private boolean isWellElsewhere(Provider provider, List<Cell> ill) {
        return provider.openAt().size() < provider.instances()
                && ill.stream().allMatch(cell -> cell.health() == Health.FAILING && cell.taken() * 2 >= cell.attempts())
                && cells.stream()
                        .filter(cell -> cell.provider().equals(provider.provider()))
                        .anyMatch(cell -> cell.taken() > 0);
    }

    private static Finding onlySomewhere(Provider provider) {
        String there = String.join(", ", provider.openAt());
        return new Finding(
                "provider/" + provider.provider(),
                Level.WARN,
                provider.provider() + " fails for " + there + " only",
                provider.since(),
                "its breaker is open at " + provider.openAt().size() + " of " + provider.instances()
                        + " instances; the others reach it",
                there + " passes it over, and asks the next provider of the route",
                List.of(
                        "look at the way out of " + there + ": its network, DNS or host, rather than at "
                                + provider.provider(),
                        "nothing more, while the next provider copes"),
                null,
                null,
                "petrelproviderdown");
    }

    private static boolean isHalfLost(Cell cell) {
        return cell.health() == Health.SILENT || cell.taken() * 2 <= cell.attempts();
    }

    private boolean nobodyElseTakes(String id, String country) {
        return cells.stream()
                .filter(cell ->
                        cell.country().equals(country) && !cell.provider().equals(id))
                .noneMatch(Findings::takes);
    }

    private static boolean takes(Cell cell) {
        boolean asked = cell.attempts() > 0;
        return (asked ? cell.taken() > 0 : cell.health() == Health.QUIET) // who is not asked may well take them
                && cell.health() != Health.FAILING
                && cell.health() != Health.SILENT;
    }

    /** Who takes what it does not. */
    private Set<String> instead(List<Decision> around) {
        Set<String> instead = new TreeSet<>();
        for (Decision decision : around) {
            String to = decision.to();
            if (to != null
                    && cells.stream()
                            .anyMatch(cell -> cell.provider().equals(to)
                                    && cell.country().equals(decision.country())
                                    && takes(cell))) {
                instead.add(to);
            }
        }
        return instead;
    }

    private static String fails(Health health) {
        return switch (health) {
            case SLOW -> "is slow";
            case SILENT -> "takes codes that do not arrive";
            default -> "fails";
        };
    }

    private boolean isNotOk(String country) {
        CountryState state = countries.get(country);
        return state != null && state.state() != CountryState.State.OK;
    }

    private static @Nullable Instant since(@Nullable Provider provider, List<Cell> ill) {
        return Stream.concat(
                        Stream.ofNullable(provider).map(Provider::since),
                        ill.stream().map(Cell::since))
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static String what(
            Health worst, List<Cell> worstCells, List<Decision> around, @Nullable Provider provider) {
        // what made its breaker open says more than the few trial calls since
        String decided = around.stream()
                .filter(decision -> decision.why().equals(SkipReason.BREAKER_OPEN.wire())
                        || decision.why().equals(SkipReason.NOT_DELIVERING.wire()))
                .min(Comparator.comparing(Decision::at))
                .map(Decision::words)
                .orElse("");
        if (decided.contains(":")) {
            return decided.substring(decided.indexOf(':') + 1).strip();
        } else if (!worstCells.isEmpty() && worst != Health.SLOW) {
            return worstCells.get(0).words();
        } else if (!worstCells.isEmpty()) {
            return slow(worstCells.get(0));
        }
        if (provider == null || provider.breaker().equals("half_open")) {
            return "too few calls of late to say more";
        }
        return provider.failureRate() + " % of its latest calls failed or were slow";
    }

    private static String slow(Cell cell) {
        String seconds = cell.words().equals("arrives late")
                ? "from the request to the handset " + Findings.seconds(cell.inHandP95())
                : "its answer takes " + Findings.seconds(cell.answerP95());
        return seconds + " at the 95th percentile";
    }

    private static String seconds(@Nullable Double seconds) {
        return seconds == null ? "long" : String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static String done(
            @Nullable Provider provider,
            List<Decision> around,
            Set<String> instead,
            boolean open,
            @Nullable Instant since) {
        List<String> done = new ArrayList<>();
        if (provider != null && open) {
            done.add("its breaker is open at " + provider.openAt().size() + " of " + provider.instances()
                    + (provider.instances() == 1 ? " instance" : " instances"));
        }
        if (!instead.isEmpty()) {
            done.add("codes go to "
                    + instead.stream()
                            .map(to -> to + " instead" + soFar(to, around, since))
                            .collect(Collectors.joining(", to ")));
        } else if (open || around.stream().anyMatch(decision -> decision.to() != null)) {
            done.add("no other provider has taken its codes: they wait and are tried again until they are too old");
        } else {
            done.add("codes still go there");
        }
        return String.join("; ", done);
    }

    /** Some go on at any time; what is told together with these is no count. */
    private static String soFar(String to, List<Decision> around, @Nullable Instant since) {
        List<Decision> there =
                around.stream().filter(decision -> to.equals(decision.to())).toList();
        boolean counted = since != null
                && there.stream().noneMatch(decision -> decision.at().isBefore(since));
        return counted ? " (" + there.stream().mapToLong(Decision::codes).sum() + " so far)" : "";
    }

    private static List<String> may(
            String id, Set<String> where, List<Cell> worstCells, Set<String> instead, boolean open) {
        List<String> may = new ArrayList<>();
        if (worstCells.stream().anyMatch(cell -> cell.why() == ReasonClass.PROVIDER_FAULT)) {
            may.add("mend our account at " + id + ", or its secret here: it does not heal by itself");
        }
        if (!instead.isEmpty()) {
            if (may.isEmpty()) {
                may.add(
                        "nothing, while the others cope: Petrel tries it again by itself, and goes back when it is well");
            }
            may.add("drain " + id + ": then not even trial calls go there");
        } else if (open) {
            may.add("ask " + id + "; there is no other way for these codes");
        } else {
            may.add("drain " + id + ", if another provider is there for "
                    + (where.isEmpty() ? "its countries" : named(where)));
        }
        return may;
    }

    /** A provider may not send there, and nobody else is asked: perhaps it is fraud. */
    private List<Finding> blocked() {
        return cells.stream()
                .filter(cell -> cell.health() == Health.FAILING && cell.why() == ReasonClass.GEO_BLOCKED)
                .map(cell -> new Finding(
                        "blocked/" + cell.key(),
                        Level.BAD,
                        "our account at " + cell.provider() + " may not send to " + cell.country(),
                        cell.since(),
                        cell.words() + perhapsEarlier(cell.since(), null),
                        "these codes end failed at once; no other provider is asked, since it may be fraud",
                        List.of(
                                "if these are real users: allow " + cell.country() + " at " + cell.provider(),
                                "if it is fraud (many numbers in a row): stop the country by an order"),
                        null,
                        cell.country(),
                        "petrelgeoblocked"))
                .toList();
    }

    private List<Finding> resting() {
        Map<String, List<Cell>> resting = new TreeMap<>();
        providers.stream()
                .filter(provider -> provider.restingUntil() != null)
                .forEach(provider -> resting.put(provider.provider(), new ArrayList<>()));
        cells.stream()
                .filter(cell -> cell.health() == Health.FAILING && cell.why() == ReasonClass.THROTTLED
                        || cell.health() == Health.OUT && cell.words().equals(Reasons.of(SkipReason.RESTING)))
                .forEach(cell -> resting.computeIfAbsent(cell.provider(), first -> new ArrayList<>())
                        .add(cell));
        List<Finding> findings = new ArrayList<>();
        resting.forEach((id, there) -> findings.add(resting(id, there)));
        return findings;
    }

    private Finding resting(String id, List<Cell> there) {
        Set<String> stuck = there.stream()
                .map(Cell::country)
                .filter(country -> nobodyElseTakes(id, country))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Finding(
                "resting/" + id,
                stuck.isEmpty() ? Level.WARN : Level.BAD,
                id + " takes no more for now",
                there.stream()
                        .map(Cell::since)
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo)
                        .orElse(null),
                "it says that we are over its rate",
                "it gets nothing until its rest is over; "
                        + (stuck.isEmpty()
                                ? "codes go to the next provider"
                                : "nobody else takes codes to " + named(stuck) + ": they wait"),
                List.of("ask for a higher rate, or shift weight to another provider"),
                null,
                null,
                "petrelproviderdown");
    }

    private List<Finding> deaf() {
        if (!ears.areDeaf(now)) {
            return List.of();
        }
        Instant last = ears.lastHeard();
        return List.of(new Finding(
                "deaf",
                Level.WARN,
                "no receipts come from any provider",
                last,
                ears.missedByAll(now) + " codes or more were taken since and missed their receipt",
                "Petrel may be deaf: it takes no provider for bad by silence, and tries a few codes another way to find out",
                List.of(
                        "see whether providers reach web.public-url: DNS, certificate, firewall, ingress",
                        "if they do, ask the provider that takes the most"),
                null,
                null,
                "petrelreceiptssilent"));
    }

    private Finding country(CountryState state) {
        boolean down = state.state() == CountryState.State.DOWN;
        boolean everywhere = state.country().equals(CountryState.ALL); // each country has too few codes to tell
        Double share = state.inHandShare();
        return new Finding(
                "country/" + state.country(),
                Level.BAD,
                (everywhere ? "SMS" : state.country()) + (down ? " is down" : " is degraded"),
                state.since(),
                share == null
                        ? "no code was in hand within 30 s"
                        : String.format(
                                Locale.ROOT,
                                "%d %% of the latest %d codes were in hand within 30 s",
                                (int) Math.floor(share * 100),
                                state.requests()),
                "auth services are told to offer another factor" + (everywhere ? "" : " there"),
                List.of(
                        "look at the providers " + (everywhere ? "" : "of " + state.country() + " ")
                                + "in the matrix below",
                        "tell the users what the operations page says"),
                null,
                everywhere ? null : state.country(),
                down ? "petrelcountrydown" : "petrelcountrydegraded");
    }

    private List<Finding> noProvider() {
        return current.stream()
                .filter(decision -> decision.from() == null)
                .map(decision -> new Finding(
                        "nobody/" + decision.country() + "/" + decision.why(),
                        Level.BAD,
                        decision.country() + ": " + decision.words(),
                        decision.at(),
                        decision.codes() + " codes ended failed, class " + decision.why(),
                        "auth services are told to offer another factor",
                        List.of(
                                decision.why().equals(ReasonClass.SATURATED.wire())
                                        ? "see which providers of " + decision.country()
                                                + " fail: its codes waited, and were ended to make room for others"
                                        : "lift the orders that leave nobody there; where there are none, see whether"
                                                + " a route of the settings leads to " + decision.country()),
                        null,
                        decision.country(),
                        "petrelallshut"))
                .toList();
    }

    private List<Finding> availability() {
        CountryState all = countries.get(CountryState.ALL);
        if (all != null && Duration.between(all.at(), now).compareTo(AVAILABILITY_SILENT) > 0) {
            return List.of(new Finding(
                    "availability",
                    Level.BAD,
                    "nobody says whether SMS works",
                    all.at(),
                    "the availability topic has been silent for more than 30 s",
                    "auth services take that for SMS being down, and offer another factor",
                    List.of("look at the owner of request partition 0, and at Kafka"),
                    null,
                    null,
                    "petrelavailabilitysilent"));
        }
        return List.of();
    }

    private Finding instance(Instance instance) {
        InstanceLine line = instance.line();
        boolean late = instance.state() == State.LATE;
        boolean nobodyIsWell = instances.stream().noneMatch(each -> each.state() == State.OK);
        return new Finding(
                "instance/" + line.instance(),
                nobodyIsWell ? Level.BAD : Level.WARN,
                line.instance() + (late ? " has fallen silent" : " is not ready"),
                late ? line.at() : null,
                late ? "killed, frozen or cut off from Kafka" : "it starts, stops or replays what it took over",
                late
                        ? nobodyIsWell
                                ? "nobody is there to take its partitions over"
                                : "the others take its partitions over, within about 11 s"
                        : "it takes no new requests until that is done",
                List.of(late ? "see whether it comes back: its log, or the platform" : "wait"),
                null,
                null,
                "petrelinstancegone");
    }

    private List<Finding> partitions() {
        Instant since = unownedSince;
        if (since == null || Duration.between(since, now).compareTo(CHANGING_HANDS) <= 0) {
            return List.of();
        }
        return List.of(new Finding(
                "partitions",
                Level.BAD,
                unowned.size() + " of the request partitions have no owner",
                ownersSeen ? since : null,
                "partitions " + unowned.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "))
                        + (unowned.size() > 10 ? ", …" : ""),
                "during a take-over that is so for some seconds; the codes there wait",
                List.of("if it stays so: are instances running, and in the group?"),
                null,
                null,
                "petrelpartitionsunowned"));
    }

    private List<Finding> lag() {
        if (totals.lag() <= Math.max(LAG_LEAST, LAG_SECONDS * totals.perSecond())) {
            return List.of();
        }
        return List.of(new Finding(
                "lag",
                Level.BAD,
                totals.lag() + " codes wait that nobody has begun",
                null,
                "they came faster than they are begun, or while nobody was there to begin them",
                "they are begun in order; what gets too old ends expired, with advice",
                List.of("look for a provider that is slow above", "start more instances, up to one a partition"),
                null,
                null,
                "petrellag"));
    }

    private List<Finding> unseen() {
        if (!crowded) {
            return List.of();
        }
        return List.of(new Finding(
                "unseen",
                Level.WARN,
                "there are more pairs of provider and country than this page can show",
                null,
                "what fails may be among those that are left out",
                "nothing: they are sent as all others",
                List.of("look at the dashboard and the alerts, which leave nobody out"),
                null,
                null,
                "alerts-providers"));
    }

    private static String named(Set<String> countries) {
        return countries.size() <= COUNTRIES_NAMED
                ? String.join(", ", countries)
                : countries.stream().limit(COUNTRIES_NAMED).collect(Collectors.joining(", ")) + " and "
                        + (countries.size() - COUNTRIES_NAMED) + " more";
    }
}
