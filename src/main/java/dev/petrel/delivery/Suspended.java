package dev.petrel.delivery;

import dev.petrel.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Steps that wait for the lease, in the order they came: each goes on when the lease is back, or when its term is over
 * and there is nothing left to wait for.
 */
final class Suspended {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Time time;
    private final Deque<Step> steps = new ArrayDeque<>();
    private Time.@Nullable Timer lookDue;

    private record Step(Term term, Runnable next) {}

    Suspended(Time time) {
        this.time = time;
    }

    void add(Term term, Runnable next) {
        steps.add(new Step(term, next));
        lookSoon();
    }

    private void lookSoon() {
        if (lookDue == null) {
            lookDue = time.after(LOOK, this::look);
        }
    }

    private void look() {
        lookDue = null;
        List<Runnable> due = new ArrayList<>();
        for (Iterator<Step> all = steps.iterator(); all.hasNext(); ) {
            Step step = all.next();
            if (step.term.leaseHeld() || !step.term.isOurs()) {
                all.remove();
                due.add(step.next);
            }
        }
        due.forEach(Runnable::run);
        if (!steps.isEmpty()) {
            lookSoon();
        }
    }
}
