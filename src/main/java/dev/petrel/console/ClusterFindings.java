package dev.petrel.console;

import dev.petrel.availability.CountryState;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.Level;
import dev.petrel.console.Board.State;
import dev.petrel.message.ReasonClass;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is wrong beside the providers: countries, receipts, instances, partitions, Kafka. */
final class ClusterFindings {
    static final Duration AVAILABILITY_SILENT = Duration.ofSeconds(30);
    /** Lines come every two seconds: a partition that goes from hand to hand seems to be nobody's meanwhile. */
    private static final Duration CHANGING_HANDS = Duration.ofSeconds(5);

    /** Requests that nobody has begun are normal for as long as it takes to begin them. */
    private static final long LAG_SECONDS = 5;

    private static final long LAG_LEAST = 100;
    private final Facts facts;

    ClusterFindings(Facts facts) {
        this.facts = facts;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(deaf());
        List<CountryState> ill = facts.countries().values().stream()
                .filter(state -> state.state() != CountryState.State.OK)
                .toList();
        ill.stream()
                .filter(state -> ill.size() == 1 || !state.country().equals(CountryState.ALL))
                .map(this::country)
                .forEach(findings::add);
        findings.addAll(noProvider());
        findings.addAll(availability());
        facts.instances().stream()
                .filter(instance -> instance.state() != State.OK)
                .map(this::instance)
                .forEach(findings::add);
        findings.addAll(partitions());
        findings.addAll(lag());
        findings.addAll(unseen());
        return findings;
    }

    private List<Finding> deaf() {
        if (!facts.ears().areDeaf(facts.now())) {
            return List.of();
        }
        Instant last = facts.ears().lastHeard();
        return List.of(new Finding(
                "deaf",
                Level.WARN,
                "no receipts come from any provider",
                last,
                facts.ears().missedByAll(facts.now()) + " codes or more were taken since and missed their receipt",
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
        return facts.current().stream()
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
        CountryState all = facts.countries().get(CountryState.ALL);
        if (all != null && Duration.between(all.at(), facts.now()).compareTo(AVAILABILITY_SILENT) > 0) {
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
        boolean nobodyIsWell = facts.instances().stream().noneMatch(each -> each.state() == State.OK);
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
        Instant since = facts.unownedSince();
        if (since == null || Duration.between(since, facts.now()).compareTo(CHANGING_HANDS) <= 0) {
            return List.of();
        }
        return List.of(new Finding(
                "partitions",
                Level.BAD,
                facts.unowned().size() + " of the request partitions have no owner",
                facts.ownersSeen() ? since : null,
                "partitions "
                        + facts.unowned().stream()
                                .limit(10)
                                .map(String::valueOf)
                                .collect(Collectors.joining(", "))
                        + (facts.unowned().size() > 10 ? ", …" : ""),
                "during a take-over that is so for some seconds; the codes there wait",
                List.of("if it stays so: are instances running, and in the group?"),
                null,
                null,
                "petrelpartitionsunowned"));
    }

    private List<Finding> lag() {
        if (facts.totals().lag()
                <= Math.max(LAG_LEAST, LAG_SECONDS * facts.totals().perSecond())) {
            return List.of();
        }
        return List.of(new Finding(
                "lag",
                Level.BAD,
                facts.totals().lag() + " codes wait that nobody has begun",
                null,
                "they came faster than they are begun, or while nobody was there to begin them",
                "they are begun in order; what gets too old ends expired, with advice",
                List.of("look for a provider that is slow above", "start more instances, up to one a partition"),
                null,
                null,
                "petrellag"));
    }

    private List<Finding> unseen() {
        if (!facts.crowded()) {
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
}
