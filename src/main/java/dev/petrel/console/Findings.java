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
import dev.petrel.message.SkipReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

    private final Instant now;
    private final List<Decision> current;
    private final List<Cell> cells;
    private final List<Provider> providers;
    private final Map<String, CountryState> countries;
    private final List<Instance> instances;
    private final List<Integer> unowned;
    private final @Nullable Instant unownedSince;
    private final Totals totals;

    Findings(
            Instant now,
            List<Decision> decisions,
            List<Cell> cells,
            List<Provider> providers,
            List<CountryState> countries,
            List<Instance> instances,
            List<Integer> unowned,
            @Nullable Instant unownedSince,
            Totals totals) {
        this.now = now;
        this.current = decisions.stream().filter(decision -> !decision.over()).toList();
        this.cells = cells;
        this.providers = providers;
        this.countries = countries.stream()
                .collect(Collectors.toMap(CountryState::country, state -> state, (one, other) -> other, TreeMap::new));
        this.instances = instances;
        this.unowned = unowned;
        this.unownedSince = unownedSince;
        this.totals = totals;
    }

    /** The worst first, and among these who fails before who suffers. */
    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        illProviders().forEach((provider, ill) -> findings.add(ill(provider, ill)));
        resting().forEach(findings::add);
        countries.values().stream()
                .filter(state -> state.state() != CountryState.State.OK)
                .filter(state -> !state.country().equals(CountryState.ALL))
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
        findings.sort(Comparator.comparing(Finding::level).reversed()); // stable
        return findings;
    }

    static Verdict verdict(
            List<Finding> findings, List<CountryState> countries, List<Instance> instances, Totals totals) {
        if (findings.isEmpty()) {
            return new Verdict(Level.OK, well(countries, instances, totals));
        }
        Finding worst = findings.get(0);
        String more = findings.size() == 1 ? "" : ", and " + (findings.size() - 1) + " more";
        return new Verdict(
                worst.level(),
                worst.title() + more + (worst.level() == Level.BAD ? "" : ". Codes arrive all the same"));
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
        List<Decision> around = current.stream()
                .filter(decision -> id.equals(decision.from()) && !ordered(decision))
                .toList();
        boolean felt = where.stream().anyMatch(this::isNotOk);
        return new Finding(
                "provider/" + id,
                felt ? Level.BAD : Level.WARN,
                id + " " + fails(worst) + (where.isEmpty() ? "" : " in " + named(where)),
                since(provider, ill, around),
                what(worst, worstCells, around, provider),
                done(provider, around, open),
                may(id, where, around, open),
                id,
                where.size() == 1 && !open ? where.iterator().next() : null,
                worst == Health.SILENT ? "petrelprovidernotdelivering" : "petrelproviderdown");
    }

    private static boolean ordered(Decision decision) {
        return decision.why().equals(SkipReason.DRAINED.wire())
                || decision.why().equals(SkipReason.HELD_OPEN.wire());
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

    private static @Nullable Instant since(@Nullable Provider provider, List<Cell> ill, List<Decision> around) {
        return Stream.of(
                        Stream.ofNullable(provider).map(Provider::since),
                        ill.stream().map(Cell::since),
                        around.stream().map(Decision::at))
                .flatMap(each -> each)
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
        return provider == null ? "" : provider.failureRate() + " % of its latest calls failed";
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

    private static String done(@Nullable Provider provider, List<Decision> around, boolean open) {
        List<String> done = new ArrayList<>();
        if (provider != null && open) {
            done.add("its breaker is open at " + provider.openAt().size() + " of " + provider.instances()
                    + (provider.instances() == 1 ? " instance" : " instances"));
        }
        Map<String, Long> instead = new TreeMap<>();
        around.stream()
                .filter(decision -> decision.to() != null)
                .forEach(decision -> instead.merge(Objects.requireNonNull(decision.to()), decision.codes(), Long::sum));
        if (!instead.isEmpty()) {
            done.add("codes go to "
                    + instead.entrySet().stream()
                            .map(entry -> entry.getKey() + " instead (" + entry.getValue() + " so far)")
                            .collect(Collectors.joining(", to ")));
        } else if (open) {
            done.add("no other provider has taken its codes: they wait and are tried again until they are too old");
        } else {
            done.add("codes still go there");
        }
        return String.join("; ", done);
    }

    private List<String> may(String id, Set<String> where, List<Decision> around, boolean open) {
        List<String> may = new ArrayList<>();
        if (around.stream().anyMatch(decision -> decision.to() != null)) {
            may.add("nothing, while the others cope: Petrel tries it again by itself, and goes back when it is well");
            may.add("drain " + id + ": then not even trial calls go there");
        } else if (open) {
            may.add("ask " + id + "; there is no other way for these codes");
        } else {
            may.add("drain " + id + ", if another provider is there for "
                    + (where.isEmpty() ? "its countries" : named(where)));
        }
        return may;
    }

    private List<Finding> resting() {
        return providers.stream()
                .filter(provider -> provider.restingUntil() != null)
                .map(provider -> new Finding(
                        "resting/" + provider.provider(),
                        Level.WARN,
                        provider.provider() + " takes no more for now",
                        null,
                        "it says that we are over its rate",
                        "it gets nothing until its rest is over; codes go to the next provider",
                        List.of("ask for a higher rate, or shift weight to another provider"),
                        null,
                        null,
                        "petrelproviderdown"))
                .toList();
    }

    private Finding country(CountryState state) {
        boolean down = state.state() == CountryState.State.DOWN;
        Double share = state.inHandShare();
        return new Finding(
                "country/" + state.country(),
                Level.BAD,
                state.country() + (down ? " is down" : " is degraded"),
                state.since(),
                share == null
                        ? "no code was in hand within 30 s"
                        : String.format(
                                Locale.ROOT,
                                "%d %% of the latest %d codes were in hand within 30 s",
                                (int) Math.floor(share * 100),
                                state.requests()),
                "auth services are told to offer another factor there",
                List.of(
                        "look at the providers of " + state.country() + " in the matrix below",
                        "tell the users what the operations page says"),
                null,
                state.country(),
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
                        List.of("see which orders are in force below, and lift those that leave nobody"),
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
        return new Finding(
                "instance/" + line.instance(),
                Level.WARN,
                line.instance() + (late ? " has fallen silent" : " is not ready"),
                late ? line.at() : null,
                late ? "killed, frozen or cut off from Kafka" : "it starts, stops or replays what it took over",
                late
                        ? "the others take its partitions over, within about 11 s"
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
                since,
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
                "more come in than go out",
                "they are begun in order; what gets too old ends expired, with advice",
                List.of("look for a provider that is slow above", "start more instances, up to one a partition"),
                null,
                null,
                "petrellag"));
    }

    private static String named(Set<String> countries) {
        return countries.size() <= COUNTRIES_NAMED
                ? String.join(", ", countries)
                : countries.stream().limit(COUNTRIES_NAMED).collect(Collectors.joining(", ")) + " and "
                        + (countries.size() - COUNTRIES_NAMED) + " more";
    }
}
