package dev.petrel.guarantees.storm;

import java.util.ArrayList;
import java.util.List;

/** Holds one promise against what was recorded. */
interface Observer {
    /** What breaks the promise, a line each; empty if it held. */
    List<String> violations(History history);

    default String name() {
        return getClass().getSimpleName();
    }

    /** What any of them has to say, with its name before it. */
    static List<String> complaints(History history) {
        List<String> complaints = new ArrayList<>();
        for (Observer observer : all()) {
            observer.violations(history).forEach(violation -> complaints.add(observer.name() + ": " + violation));
        }
        return complaints;
    }

    /** All of them. */
    static List<Observer> all() {
        return List.of(
                new EveryRequestGetsOneFirstFinal(),
                new NoCommitPastUnfinished(),
                new NeverSentAfterExpiry(),
                new NotDoubledWhenClean(),
                new DoubledOnlyWhatWasOpen(),
                new SeenIsTold(),
                new BlockedStaysBlocked(),
                new OnlyTheOwnerSends());
    }
}
