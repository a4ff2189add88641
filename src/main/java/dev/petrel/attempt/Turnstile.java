package dev.petrel.attempt;

import dev.petrel.message.SkipReason;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets submissions to one provider through: no more than its in-flight limit at once, and no more in a second than its
 * rate, in the order they came. Who has not got through after the longest wait is turned away with the reason.
 *
 * <p>The pace is kept by a virtual schedule (GCRA): each one that gets through moves it on by 1/rate, and it may run
 * ahead of the clock by no more than {@link #BURST}. Weighed against a token bucket that fills once a second: that lets
 * twice the rate through across the border of two seconds, which is what vendors punish.
 *
 * <p>Used on one event loop; {@link #inside()} may be read from any thread.
 */
final class Turnstile {
    /** Timers come in whole milliseconds: without some slack a pace of 1,000 in a second could not be held. */
    private static final Duration BURST = Duration.ofMillis(20);

    private final Supplier<ProviderConfig> config;
    private final Time time;
    private final Deque<Waiter> queue = new ArrayDeque<>();
    private volatile int inside;
    private long scheduled;
    private boolean waitedInVain;
    private long waitedInVainAt;
    private Time.@Nullable Timer timer;
    private long timerDue;
    private boolean letting;

    Turnstile(Supplier<ProviderConfig> config, Time time) {
        this.config = config;
        this.time = time;
        this.scheduled = time.nanos();
    }

    /**
     * Asks to get through. Empty: through, and {@link #leave()} must follow once. Otherwise the reason for being turned
     * away.
     */
    Future<Optional<SkipReason>> enter() {
        if (queue.isEmpty() && mayPass()) {
            pass();
            return Future.succeededFuture(Optional.empty());
        }
        Waiter waiter = new Waiter(time.nanos() + config.get().maxWait().toNanos(), Promise.promise());
        queue.add(waiter);
        arm();
        return waiter.promise.future();
    }

    void leave() {
        inside--;
        letThrough();
    }

    /** Turns away everybody who waits. */
    void turnAway(SkipReason reason) {
        while (!queue.isEmpty()) {
            queue.remove().promise.complete(Optional.of(reason));
        }
    }

    /** Submissions that got through and have not left. */
    int inside() {
        return inside;
    }

    /**
     * Whether so many wait that one more would only wait behind them, and those that wait get through in time: twice as
     * many as may be inside, and nobody's wait ran out within the longest wait.
     */
    boolean hasItsFill() {
        return queue.size() >= 2L * config.get().maxInFlight()
                && !(waitedInVain
                        && time.nanos() - waitedInVainAt
                                <= config.get().maxWait().toNanos());
    }

    private boolean mayPass() {
        return inside < config.get().maxInFlight() && untilPace() <= 0;
    }

    /** Nanoseconds until the pace lets the next one through; zero or less: now. */
    private long untilPace() {
        return config.get().maxPerSecond() == null ? 0 : scheduled - time.nanos() - BURST.toNanos();
    }

    private void pass() {
        inside++;
        Integer rate = config.get().maxPerSecond();
        if (rate != null) {
            scheduled = Math.max(scheduled, time.nanos()) + 1_000_000_000L / rate;
        }
    }

    private void letThrough() {
        if (letting) {
            return; // who was let through may leave at once: the loop below goes on by itself
        }
        letting = true;
        try {
            letThroughNow();
        } finally {
            letting = false;
            arm();
        }
    }

    private void letThroughNow() {
        long now = time.nanos();
        while (!queue.isEmpty() && queue.element().until - now <= 0) {
            boolean full = inside >= config.get().maxInFlight() || config.get().maxPerSecond() == null;
            waitedInVain = true;
            waitedInVainAt = now;
            queue.remove().promise.complete(Optional.of(full ? SkipReason.IN_FLIGHT_LIMIT : SkipReason.RATE_LIMIT));
        }
        while (!queue.isEmpty() && mayPass()) {
            pass();
            queue.remove().promise.complete(Optional.empty());
        }
    }

    /** Sees to it that the one at the head is looked at when its turn may come, or its wait is over. */
    private void arm() {
        if (queue.isEmpty()) {
            return;
        }
        long wait = queue.element().until - time.nanos();
        if (inside < config.get().maxInFlight()) {
            wait = Math.min(wait, untilPace());
        }
        Duration delay = Duration.ofNanos(Math.max(1_000_000, wait));
        long due = time.nanos() + delay.toNanos();
        if (timer != null) {
            if (timerDue - due <= 0) {
                return;
            }
            timer.cancel(); // set while nobody could pass but by a leave, for the end of a wait
        }
        timerDue = due;
        timer = time.after(delay, () -> {
            timer = null;
            letThrough();
        });
    }

    private record Waiter(long until, Promise<Optional<SkipReason>> promise) {}
}
