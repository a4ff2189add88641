package dev.petrel.console;

import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Decision;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Health;
import dev.petrel.console.Board.Level;
import dev.petrel.console.Board.Provider;
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

/** What is wrong with providers: who fails, rests, or may not send somewhere. */
final class ProviderFindings {
    private static final Set<Health> ILL = EnumSet.of(Health.FAILING, Health.SILENT, Health.SLOW);
    private static final int COUNTRIES_NAMED = 4;
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

    private final Facts facts;

    ProviderFindings(Facts facts) {
        this.facts = facts;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        illProviders().forEach((provider, ill) -> findings.add(ill(provider, ill)));
        findings.addAll(blocked());
        findings.addAll(resting());
        return findings;
    }

    /** By provider: the cells that are ill. One that is slow here and fails there is told once. */
    private Map<String, List<Cell>> illProviders() {
        Map<String, List<Cell>> ill = new TreeMap<>();
        for (Provider provider : facts.providers()) {
            if (!provider.openAt().isEmpty()) {
                ill.put(provider.provider(), new ArrayList<>());
            }
        }
        facts.cells().stream()
                .filter(cell -> ILL.contains(cell.health()))
                .filter(cell -> cell.why() != ReasonClass.GEO_BLOCKED && cell.why() != ReasonClass.THROTTLED)
                .forEach(cell -> ill.computeIfAbsent(cell.provider(), first -> new ArrayList<>())
                        .add(cell));
        return ill;
    }

    private Finding ill(String id, List<Cell> ill) {
        Provider provider = facts.providers().stream()
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
        List<Decision> around = facts.current().stream()
                .filter(decision -> id.equals(decision.from()) && AGAINST.contains(decision.why()))
                .filter(decision -> open || where.contains(decision.country()))
                .toList();
        Set<String> instead = instead(around);
        boolean felt = where.stream().anyMatch(facts::isNotOk)
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
                || since.isAfter(facts.readFrom().plus(AT_THE_EDGE))) {
            return "";
        }
        return "; perhaps for longer, since this page looks back no further";
    }

    /** Whether some instances reach it, in all countries, while its breaker is open at others. */
    private boolean isWellElsewhere(Provider provider, List<Cell> ill) {
        return provider.openAt().size() < provider.instances()
                && ill.stream().allMatch(cell -> cell.health() == Health.FAILING && cell.taken() * 2 >= cell.attempts())
                && facts.cells().stream()
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
        return facts.cells().stream()
                .filter(cell ->
                        cell.country().equals(country) && !cell.provider().equals(id))
                .noneMatch(ProviderFindings::takes);
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
                    && facts.cells().stream()
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
                ? "from the request to the handset " + seconds(cell.inHandP95())
                : "its answer takes " + seconds(cell.answerP95());
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
        return facts.cells().stream()
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
        facts.providers().stream()
                .filter(provider -> provider.restingUntil() != null)
                .forEach(provider -> resting.put(provider.provider(), new ArrayList<>()));
        facts.cells().stream()
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

    private static String named(Set<String> countries) {
        return countries.size() <= COUNTRIES_NAMED
                ? String.join(", ", countries)
                : countries.stream().limit(COUNTRIES_NAMED).collect(Collectors.joining(", ")) + " and "
                        + (countries.size() - COUNTRIES_NAMED) + " more";
    }
}
