package dev.petrel.guarantees.storm;

import java.util.List;

/** Holds one promise against what was recorded. */
interface Observer {
    /** What breaks the promise, a line each; empty if it held. */
    List<String> violations(History history);

    default String name() {
        return getClass().getSimpleName();
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
                new BlockedStaysBlocked());
    }
}
