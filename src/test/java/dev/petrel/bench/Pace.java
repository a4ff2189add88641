package dev.petrel.bench;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/** Gives turns, so many a second, to whoever waits for one, first come first served. All on one event loop. */
final class Pace {
    private static final int TICK_MILLIS = 5;
    private static final double MOST_TICKS_AT_ONCE = 4;

    private final Vertx vertx;
    private final int perSecond;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private double due;
    private long last = System.nanoTime();

    /** @param perSecond 0: nobody waits */
    Pace(Vertx vertx, int perSecond) {
        this.vertx = vertx;
        this.perSecond = perSecond;
        if (perSecond > 0) {
            vertx.setPeriodic(TICK_MILLIS, tick -> give());
        }
    }

    void turn(Runnable go) {
        if (perSecond == 0) {
            vertx.runOnContext(now -> go.run());
        } else {
            waiting.add(go);
        }
    }

    private void give() {
        long now = System.nanoTime();
        double most = Math.max(1, perSecond * MOST_TICKS_AT_ONCE * TICK_MILLIS / 1e3);
        due = Math.min(due + (now - last) / 1e9 * perSecond, most);
        last = now;
        for (; due >= 1 && !waiting.isEmpty(); due--) {
            waiting.remove().run();
        }
    }
}
