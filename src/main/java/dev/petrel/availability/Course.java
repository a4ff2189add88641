package dev.petrel.availability;

import dev.petrel.availability.CountryState.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** From one state to the next: down at once, up only when it has been better for a while. */
final class Course {
    private static final Duration BETTER_FOR = Duration.ofMinutes(2);
    private static final Duration UNHEARD_OF_FOR = Duration.ofMillis(Measure.FEW_MILLIS);

    private State state;
    private Instant since;
    private @Nullable Instant okSince;
    private @Nullable Instant notDownSince;

    Course(State state, Instant since) {
        this.state = state;
        this.since = since;
    }

    State state() {
        return state;
    }

    Instant since() {
        return since;
    }

    /**
     * Goes on with what is measured now. Too few requests can't make it worse, and may make it better: whoever has heard
     * that SMS is down sends less. Where there are none at all it stays as it is, but for {@code down}: whoever obeys
     * sends nothing then, and nothing could ever end it. So after 10 minutes without enough to judge by it is degraded,
     * and the next few codes decide.
     */
    void measured(Measure measure, Instant now) {
        State measured = measure.state();
        okSince = measured == State.OK ? earlier(okSince, now) : null;
        notDownSince = measured == State.OK || measured == State.DEGRADED ? earlier(notDownSince, now) : null;
        if (state == State.DOWN && !measure.enough() && !now.isBefore(since.plus(UNHEARD_OF_FOR))) {
            become(State.DEGRADED, now);
        }
        if (measured == null) {
            return;
        }
        if (measured.compareTo(state) > 0) {
            if (measure.enough()) {
                become(measured, now);
            }
        } else if (state != State.OK && isLongSince(okSince, now)) {
            become(State.OK, now);
        } else if (state == State.DOWN && isLongSince(notDownSince, now)) {
            become(State.DEGRADED, now);
        }
    }

    private void become(State next, Instant now) {
        state = next;
        since = now;
    }

    private static Instant earlier(@Nullable Instant known, Instant now) {
        return known == null ? now : known;
    }

    private static boolean isLongSince(@Nullable Instant known, Instant now) {
        return known != null && !now.isBefore(known.plus(BETTER_FOR));
    }
}
