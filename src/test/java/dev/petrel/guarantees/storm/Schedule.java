package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.storm.Fault.Kind;
import dev.petrel.simulator.Mode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * When what goes wrong: the seed says it all. Three rows of faults run beside each other, of instances, of the broker and
 * of providers. Those of one row do not overlap, so that at least one instance is well.
 */
final class Schedule {
    /** The one behind the proxy. */
    static final int CUT_OFF = 0;
    /** The one that is there only for a while. */
    static final int VISITOR = 3;

    /** How often each comes, before all have come: kills most of all. */
    private static final List<Kind> INSTANCES = List.of(
            Kind.KILL,
            Kind.KILL,
            Kind.KILL,
            Kind.KILL,
            Kind.FREEZE,
            Kind.FREEZE,
            Kind.STOP,
            Kind.VISIT,
            Kind.STOP_IN_JOIN,
            Kind.SILENCE,
            Kind.CUT);

    /** Each once, for a storm that is short. */
    private static final List<Kind> ONE_OF_EACH =
            List.of(Kind.KILL, Kind.FREEZE, Kind.STOP_IN_JOIN, Kind.SILENCE, Kind.STOP);

    private static final List<Kind> BROKER = List.of(Kind.BROKER_FREEZE, Kind.BROKER_RESTART, Kind.BROKER_FREEZE);

    private final Random random;
    private final Duration length;
    private final int slots;
    private int hit;

    private Schedule(long seed, Duration length, int slots) {
        this.random = new Random(seed);
        this.length = length;
        this.slots = slots;
    }

    /** @param slots of instances, the visitor's apart */
    static List<Fault> of(long seed, Duration length, int slots) {
        return new Schedule(seed, length, slots).faults(INSTANCES, 4, 10, 40, 80);
    }

    /** As much as goes into a minute and a half. */
    static List<Fault> brief(long seed, Duration length, int slots) {
        return new Schedule(seed, length, slots).faults(ONE_OF_EACH, 2, 5, 25, 40);
    }

    private List<Fault> faults(List<Kind> instances, int gapFrom, int gapTo, int brokerGapFrom, int brokerGapTo) {
        List<Fault> faults = new ArrayList<>();
        row(faults, instances, seconds(5, 8), gapFrom, gapTo);
        row(faults, BROKER, seconds(10, 30), brokerGapFrom, brokerGapTo);
        providers(faults);
        faults.sort(Comparator.comparing(Fault::at));
        return faults;
    }

    private void row(List<Fault> faults, List<Kind> kinds, Duration first, int gapFrom, int gapTo) {
        Deque<Kind> deck = new ArrayDeque<>();
        Duration at = first;
        while (true) {
            if (deck.isEmpty()) {
                List<Kind> shuffled = new ArrayList<>(kinds);
                Collections.shuffle(shuffled, random);
                deck.addAll(shuffled);
            }
            Kind kind = deck.remove();
            Fault fault = Fault.of(kind, slot(kind), at, lasts(kind));
            if (fault.until().compareTo(length) > 0) {
                return;
            }
            faults.add(fault);
            at = fault.until().plus(seconds(gapFrom, gapTo));
        }
    }

    private int slot(Kind kind) {
        return switch (kind) {
            case SILENCE, CUT -> hit = CUT_OFF;
            case VISIT -> VISITOR;
            default -> kind.row() == Fault.Row.INSTANCES ? another() : -1;
        };
    }

    /** The one that was hit before may still be starting. */
    private int another() {
        int slot = random.nextInt(slots - 1);
        hit = slot >= hit ? slot + 1 : slot;
        return hit;
    }

    private Duration lasts(Kind kind) {
        return switch (kind) {
            case KILL, STOP -> seconds(1, 8);
            // mostly longer than the session
            case FREEZE -> random.nextInt(5) == 0 ? seconds(3, 8) : seconds(12, 20);
            case SILENCE, CUT -> random.nextInt(3) == 0 ? seconds(2, 8) : seconds(11, 16);
            case VISIT -> seconds(8, 15);
            // a JVM that starts joins within this time
            case STOP_IN_JOIN -> seconds(2, 6);
            // a gateway that starts meanwhile gives up after ten seconds
            case BROKER_RESTART -> seconds(1, 2);
            case BROKER_FREEZE -> seconds(2, 6);
            case PROVIDERS -> seconds(4, 15);
        };
    }

    private void providers(List<Fault> faults) {
        Duration at = seconds(5, 15);
        while (true) {
            Fault fault = Fault.ofProviders(some(), mode(), at, lasts(Kind.PROVIDERS));
            if (fault.until().compareTo(length) > 0) {
                return;
            }
            faults.add(fault);
            at = fault.until().plus(seconds(3, 15));
        }
    }

    /** Of both at once requests have to wait. */
    private List<String> some() {
        return switch (random.nextInt(3)) {
            case 0 -> List.of("twilio-main");
            case 1 -> List.of("sns-eu");
            default -> List.of("twilio-main", "sns-eu");
        };
    }

    private Mode mode() {
        return switch (random.nextInt(7)) {
            case 0 -> Mode.empty503();
            case 1 -> Mode.blackHole();
            case 2 -> Mode.resetAfterReading();
            case 3 -> Mode.throttle(Duration.ofSeconds(2));
            case 4 -> Mode.html502();
            case 5 -> Mode.rubbish2xx();
            default -> Mode.status(500);
        };
    }

    private Duration seconds(int from, int to) {
        return Duration.ofMillis(random.nextInt(from * 1000, to * 1000 + 1));
    }
}
