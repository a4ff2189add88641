package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

    @Test
    void commitsItsPositionBeforeAnythingIsBegun() {
        assertThat(new OffsetTracker(42).committable()).isEqualTo(42);
    }

    @Test
    void goesThroughTheExampleOfItsDescription() {
        OffsetTracker tracker = new OffsetTracker(10);
        tracker.begin(10);
        tracker.begin(11);
        tracker.begin(13);
        assertThat(tracker.committable()).isEqualTo(10);
        tracker.done(11);
        assertThat(tracker.committable()).isEqualTo(10);
        tracker.done(10);
        assertThat(tracker.committable()).isEqualTo(13);
        tracker.done(13);
        assertThat(tracker.committable()).isEqualTo(14);
    }

    @Test
    void countsALeadingGapAsDoneOnceSomethingLaterIsBegun() {
        OffsetTracker tracker = new OffsetTracker(10);
        tracker.begin(1_000_000_000_000L);
        assertThat(tracker.committable()).isEqualTo(1_000_000_000_000L);
        assertThat(tracker.oldestUnfinished()).isEqualTo(1_000_000_000_000L);
    }

    @Test
    void begunAgainIsRefused() {
        OffsetTracker tracker = new OffsetTracker(10);
        assertThat(tracker.begin(9)).isFalse();
        assertThat(tracker.begin(10)).isTrue();
        assertThat(tracker.begin(10)).isFalse();
        assertThat(tracker.unfinished()).isEqualTo(1);
    }

    @Test
    void isDoneOnlyOnce() {
        OffsetTracker tracker = new OffsetTracker(0);
        tracker.begin(0);
        tracker.begin(1);
        tracker.done(0);
        tracker.done(0);
        tracker.done(7);
        assertThat(tracker.unfinished()).isEqualTo(1);
        assertThat(tracker.committable()).isEqualTo(1);
    }

    @Test
    void agreesWithANaiveModelAtRandom() {
        long seed = new Random().nextLong();
        System.out.println("OffsetTrackerTest: seed " + seed);
        Random random = new Random(seed);
        long next = random.nextInt(10_000);
        OffsetTracker tracker = new OffsetTracker(next);
        TreeSet<Long> model = new TreeSet<>();
        for (int step = 0; step < 200_000; step++) {
            if (random.nextInt(100) < 52) {
                next += random.nextInt(1_000) == 0 ? random.nextInt(100_000) : random.nextInt(10) / 9;
                assertThat(tracker.begin(next)).isTrue();
                model.add(next++);
            } else if (!model.isEmpty()) {
                Long some = model.ceiling(model.first() + random.nextInt(5_000));
                long offset = some == null ? model.first() : some;
                tracker.done(offset);
                model.remove(offset);
            }
            assertThat(tracker.committable()).isEqualTo(model.isEmpty() ? next : model.first());
            assertThat(tracker.oldestUnfinished()).isEqualTo(model.isEmpty() ? -1 : model.first());
            assertThat(tracker.unfinished()).isEqualTo(model.size());
            assertThat(tracker.next()).isEqualTo(next);
        }
        List<Long> left = new ArrayList<>(model);
        left.forEach(tracker::done);
        assertThat(tracker.committable()).isEqualTo(next);
    }
}
