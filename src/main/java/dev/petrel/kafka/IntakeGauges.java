package dev.petrel.kafka;

import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of the partitions that we own. The lag of the group says nothing here, since offsets stay uncommitted
 * while requests are open: lag is what nobody has begun.
 *
 * <p>Counts on the event loop, once a second; whoever scrapes reads the last count.
 */
final class IntakeGauges {
    private static final Duration EACH = Duration.ofSeconds(1);
    /** The ends of partitions are asked for once in this many counts. */
    private static final int COUNTS_BETWEEN_ENDS = 5;

    private final Collection<PartitionTerm> terms;
    private final TakeOver takeOver;
    private final LeasedConsumer consumer;
    private final Time time;
    private int counts;
    private Time.@Nullable Timer next;
    private volatile Count last = new Count(0, 0, 0, Long.MAX_VALUE);

    /** @param oldest timestamp of a request of which nothing was told; {@link Long#MAX_VALUE} where there is none */
    private record Count(int owned, int paused, long lag, long oldest) {}

    IntakeGauges(
            Collection<PartitionTerm> terms, TakeOver takeOver, LeasedConsumer consumer, Time time, Meters meters) {
        this.terms = terms;
        this.takeOver = takeOver;
        this.consumer = consumer;
        this.time = time;
        meters.gauge("petrel.partitions.owned", "Request partitions of this instance", null, () -> last.owned);
        meters.gauge("petrel.partitions.paused", "Request partitions that are paused", null, () -> last.paused);
        meters.gauge("petrel.lag.records", "Requests on our partitions that nobody has begun", null, () -> last.lag);
        meters.gauge(
                "petrel.oldest.request.age",
                "Age of the oldest request of which nothing was told yet",
                "seconds",
                this::oldestAge);
        meters.gauge(
                "petrel.lease.age",
                "Since the sending of the last commit that succeeded; 0 while we own no partition",
                "seconds",
                this::leaseAge);
        count();
    }

    long lag() {
        return last.lag;
    }

    void stop() {
        if (next != null) {
            next.cancel();
        }
        last = new Count(0, 0, 0, Long.MAX_VALUE);
    }

    private void count() {
        int paused = 0;
        long lag = 0;
        long oldest = Long.MAX_VALUE;
        for (PartitionTerm term : terms) {
            paused += term.paused() ? 1 : 0;
            lag += term.lag();
            oldest = Math.min(oldest, term.oldestUntold());
        }
        last = new Count(terms.size(), paused, lag, oldest);
        if (++counts % COUNTS_BETWEEN_ENDS == 0 && !terms.isEmpty()) {
            askForEnds();
        }
        next = time.after(EACH, this::count);
    }

    private void askForEnds() {
        List<PartitionTerm> asked = List.copyOf(terms);
        List<TopicPartition> partitions =
                asked.stream().map(PartitionTerm::partition).toList();
        takeOver.ends(partitions)
                .onSuccess(ends -> asked.forEach(term -> {
                    Long end = ends.get(term.partition());
                    if (end != null) {
                        term.end(end);
                    }
                }));
    }

    private double oldestAge() {
        long oldest = last.oldest;
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, time.now().toEpochMilli() - oldest) / 1000.0;
    }

    private double leaseAge() {
        return last.owned == 0 ? 0 : consumer.leaseAge().toMillis() / 1000.0;
    }
}
