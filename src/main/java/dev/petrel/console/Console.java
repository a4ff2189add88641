package dev.petrel.console;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.Sighting;
import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Decision;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.State;
import dev.petrel.console.Board.Totals;
import dev.petrel.console.Board.Verdict;
import dev.petrel.console.Minute.Counts;
import dev.petrel.console.OpenRequests.Open;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fold of what the status topic says of the last 15 minutes, and of the lines of the instances: how each provider does in
 * each country, what Petrel did about it, and who works where.
 *
 * <p>Times are those of the events. Memory is bounded: some 2,000 pairs of provider and country, 100,000 open requests.
 * Not safe for several threads.
 */
public final class Console {
    /** What the page looks back on. */
    public static final Duration BACK = Duration.ofMinutes(15);

    private static final int MOST_PAIRS = 2_000;
    /** Three lines that should have come did not. */
    private static final Duration SILENT = Duration.ofSeconds(7);

    private final Map<String, Pair> pairs = new TreeMap<>();
    private final OpenRequests open = new OpenRequests();
    private final Decisions decisions = new Decisions();
    private final Course course = new Course();
    private final Ears ears = new Ears();
    private final Map<String, InstanceLine> lines = new TreeMap<>();
    private @Nullable Instant unownedSince;
    /** All partitions had one, at some board. */
    private boolean ownersSeen;

    private Instant readFrom = Instant.MIN;
    /** There was no room for a pair since the last board. */
    private boolean crowded;

    /** Nothing will be told of what happened before. */
    public void readsFrom(Instant begin) {
        readFrom = begin;
    }

    /** Takes an event of the status topic; those of one partition in their order. */
    public void saw(Happening event) {
        Sighting seen = event.seen();
        if (seen.status() == Status.RECEIPT) {
            receipt(seen);
            return;
        }
        Open request = open.find(seen.request());
        if (request == null) {
            request = open.begin(seen.request());
            course.began(seen.requestedAtMillis());
        }
        passedOver(event);
        if (event.result() != null && seen.provider() != null) {
            attempted(event, event.result(), seen.provider(), request);
        } else if (seen.status() == Status.UNDELIVERED) {
            undelivered(seen, request);
        }
        if (seen.last()) {
            ended(seen);
        }
    }

    private void receipt(Sighting seen) {
        ears.heard(seen.atMillis());
        Pair pair = pair(seen.provider(), seen.country());
        ReceiptState state = seen.receipt();
        if (pair == null || state == null || !state.last()) {
            return;
        }
        Open request = open.find(seen.request());
        Long takenAt = null;
        if (request != null) {
            if (state == request.heard && pair.provider.equals(request.heardOf)) {
                return; // providers say it twice
            }
            request.heard = state;
            request.heardOf = pair.provider;
            takenAt = pair.provider.equals(request.provider) ? request.askedAtMillis : null;
        }
        pair.receipt(state, seen.reason(), seen.requestedAtMillis(), takenAt, seen.atMillis());
    }

    private void passedOver(Happening event) {
        Sighting seen = event.seen();
        for (Skip skip : event.skipped()) {
            Pair pair = pair(skip.provider(), seen.country());
            if (pair != null) {
                pair.skipped(skip.reason(), seen.atMillis());
            }
            if (!skip.provider().equals(seen.provider())) {
                decisions.saw(
                        seen.country(),
                        skip.provider(),
                        seen.provider(),
                        skip.reason().wire(),
                        seen.atMillis(),
                        () -> words(skip, seen.country(), seen.atMillis()));
            }
        }
    }

    private void attempted(Happening event, SubmitResult.Kind result, String provider, Open request) {
        Sighting seen = event.seen();
        Pair pair = pair(provider, seen.country());
        if (pair != null) {
            pair.attempted(result, seen.reason(), event.tookMillis(), seen.atMillis());
        }
        String before = request.provider;
        if (before != null && request.why != null && !before.equals(provider)) {
            wentOn(seen, before, provider, request.why, request.silence);
        }
        request.provider = provider;
        request.askedAtMillis = seen.atMillis();
        request.why = result == SubmitResult.Kind.ACCEPTED ? null : seen.reason();
        request.silence = false;
    }

    private void wentOn(Sighting seen, String from, String to, ReasonClass why, boolean silence) {
        decisions.saw(
                seen.country(),
                from,
                to,
                silence ? Reasons.SILENCE : why.wire(),
                seen.atMillis(),
                () -> silence ? "no receipt in time" : Reasons.of(why));
    }

    private void undelivered(Sighting seen, Open request) {
        request.why = seen.reason() == null ? ReasonClass.AMBIGUOUS : seen.reason();
        request.silence = seen.reason() == ReasonClass.AMBIGUOUS;
        Pair pair = request.silence ? pair(request.provider, seen.country()) : null;
        if (pair != null) {
            pair.silent(request.askedAtMillis, seen.atMillis());
            ears.missed(request.askedAtMillis, seen.atMillis());
        }
    }

    private void ended(Sighting seen) {
        open.end(seen.request());
        course.ended(seen.status(), seen.requestedAtMillis(), seen.atMillis());
        ReasonClass why = seen.reason();
        if (seen.status() == Status.FAILED && (why == ReasonClass.NO_PROVIDER || why == ReasonClass.SATURATED)) {
            decisions.saw(seen.country(), null, null, why.wire(), seen.atMillis(), () -> Reasons.of(why));
        }
    }

    private @Nullable Pair pair(@Nullable String provider, String country) {
        if (provider == null) {
            return null;
        }
        String key = provider + "/" + country;
        Pair pair = pairs.get(key);
        if (pair == null) {
            if (pairs.size() >= MOST_PAIRS) {
                crowded = true;
                return null;
            }
            pair = new Pair(provider, country);
            pairs.put(key, pair);
        }
        return pair;
    }

    private String words(Skip skip, String country, long atMillis) {
        String words = Reasons.of(skip.reason());
        String counted = "";
        if (skip.reason() == SkipReason.BREAKER_OPEN) { // it hears all countries
            Counts everywhere = new Counts();
            pairs.values().stream()
                    .filter(pair -> pair.provider.equals(skip.provider()))
                    .forEach(pair -> pair.addTo(everywhere, atMillis));
            counted = Reasons.failures(everywhere);
        } else if (skip.reason() == SkipReason.NOT_DELIVERING) {
            Counts there = new Counts();
            Pair pair = pairs.get(skip.provider() + "/" + country);
            if (pair != null) {
                pair.addTo(there, atMillis);
            }
            counted = Reasons.losses(there);
        }
        return counted.isEmpty() ? words : words + ": " + counted;
    }

    /** An instance has said this of itself. */
    public void heard(InstanceLine line) {
        lines.put(line.instance(), line);
    }

    /** An instance has taken its line away. */
    public void left(String instance) {
        lines.remove(instance);
    }

    /**
     * How all of it stands. To be asked every second or so.
     *
     * @param now by the clock that the events have; where something is missing, as of then
     * @param partitions of the request topic
     * @param countries as availability has them
     * @param whole whether all of the time that it looks back on was read; before that it judges nothing
     * @param reading what is missing, in words; null: nothing
     */
    public Board board(
            Instant now, int partitions, Collection<CountryState> countries, boolean whole, @Nullable String reading) {
        Instant oldest = now.minus(BACK);
        pairs.values().removeIf(pair -> !pair.usedSince(oldest));
        List<Decision> decided = decisions.since(oldest, now);
        List<Cell> cells = cells(now, decided, ears.areDeaf(now));
        List<Instance> instances = instances(now, oldest);
        List<Board.Provider> providers = Breakers.of(instances, now);
        List<Integer> unowned = unowned(instances, partitions);
        List<CountryState> states = countries.stream()
                .sorted((one, other) -> one.country().compareTo(other.country()))
                .toList();
        Totals totals = totals(now, instances);
        noteUnowned(unowned, now);
        Facts facts = new Facts(
                now,
                readFrom,
                decided.stream().filter(decision -> !decision.over()).toList(),
                cells,
                providers,
                states.stream()
                        .collect(Collectors.toMap(
                                CountryState::country, state -> state, (one, other) -> other, TreeMap::new)),
                instances,
                unowned,
                unownedSince,
                ownersSeen,
                totals,
                ears,
                crowded);
        List<Finding> findings = whole ? Findings.of(facts) : List.of();
        crowded = false;
        Verdict verdict = whole ? Verdicts.of(findings, states, instances, totals, now) : null;
        return new Board(
                now,
                reading,
                reading == null && verdict != null ? verdict : Verdicts.unsure(reading, verdict),
                findings,
                states,
                providers,
                cells,
                course.series(now.toEpochMilli()),
                totals,
                Decisions.shown(decided),
                instances,
                partitions,
                unowned);
    }

    private List<Cell> cells(Instant now, List<Decision> decided, boolean deaf) {
        long millis = now.toEpochMilli();
        Map<String, Integer> taken = new HashMap<>();
        pairs.values().forEach(pair -> taken.merge(pair.country, pair.taken(millis), Integer::sum));
        List<Cell> cells = new ArrayList<>();
        pairs.values().forEach(pair -> cells.add(pair.cell(now, taken.getOrDefault(pair.country, 0), decided, deaf)));
        return cells;
    }

    private List<Instance> instances(Instant now, Instant oldest) {
        List<Instance> instances = new ArrayList<>();
        for (InstanceLine line : lines.values()) {
            if (line.at().isAfter(oldest)) {
                State state = Duration.between(line.at(), now).compareTo(SILENT) > 0
                        ? State.LATE
                        : line.ready() ? State.OK : State.NOT_READY;
                instances.add(new Instance(line, state));
            }
        }
        return instances;
    }

    private static List<Integer> unowned(List<Instance> instances, int partitions) {
        Set<Integer> owned = new HashSet<>();
        instances.stream()
                .filter(instance -> instance.state() != State.LATE)
                .forEach(instance -> owned.addAll(instance.line().partitions()));
        return IntStream.range(0, partitions)
                .filter(partition -> !owned.contains(partition))
                .boxed()
                .toList();
    }

    private void noteUnowned(List<Integer> unowned, Instant now) {
        if (unowned.isEmpty()) {
            unownedSince = null;
            ownersSeen = true;
        } else if (unownedSince == null) {
            unownedSince = now;
        }
    }

    private Totals totals(Instant now, List<Instance> instances) {
        List<InstanceLine> alive = instances.stream()
                .filter(instance -> instance.state() != State.LATE)
                .map(Instance::line)
                .toList();
        return new Totals(
                course.perSecond(now.toEpochMilli()),
                alive.stream().mapToLong(InstanceLine::lag).sum(),
                alive.stream().mapToLong(InstanceLine::held).sum(),
                alive.stream().mapToLong(InstanceLine::inFlight).sum(),
                alive.stream().mapToLong(InstanceLine::waiting).sum());
    }
}
