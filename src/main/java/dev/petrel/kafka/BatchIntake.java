package dev.petrel.kafka;

import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Outcome;
import dev.petrel.journal.PartitionJournal.Known;
import dev.petrel.journal.Standing;
import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.TraceContext;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.telemetry.Tracing;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the records of one partition in, a batch at a time: each is registered with the tracker of its term, decoded,
 * and either delivered from where it stands, recognised as finished or as a duplicate, or told as rejected and copied to
 * the dead letters; its offset is done when that is over.
 *
 * <p>On the event loop.
 */
final class BatchIntake {
    private static final Logger log = LoggerFactory.getLogger(BatchIntake.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final RequestCodec codec;
    private final KafkaStatusSink sink;
    private final DeadLetters deadLetters;
    private final RequestIntake.Delivering delivery;
    private final Tracing tracing;
    private final Time time;
    private final Meters meters;

    /** A request of the batch in hand that is open, and where it stands. */
    private record Arrival(SendRequest request, Standing standing, OffsetTracker tracker) {}

    BatchIntake(
            RequestCodec codec,
            KafkaStatusSink sink,
            DeadLetters deadLetters,
            RequestIntake.Delivering delivery,
            Tracing tracing,
            Time time,
            Meters meters) {
        this.codec = codec;
        this.sink = sink;
        this.deadLetters = deadLetters;
        this.delivery = delivery;
        this.tracing = tracing;
        this.time = time;
        this.meters = meters;
        RequestCodec.fields().forEach(meters::mayBeWrong);
    }

    /** Never throws. */
    void take(List<ConsumerRecord<byte[], byte[]>> records, PartitionTerm term) {
        List<Arrival> arrivals = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            withoutHarm(() -> take(record, term, arrivals));
        }
        deliver(arrivals, term);
    }

    /**
     * What has to end goes first: nothing is sent before finals that are due. Then the requests that supersede others, the
     * newest first, so that what they supersede is not sent just before.
     */
    private void deliver(List<Arrival> arrivals, PartitionTerm term) {
        List<Arrival> superseding = new ArrayList<>();
        List<Arrival> others = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            if (arrival.standing.mustEnd() || arrival.standing.taken()) {
                deliver(arrival, term);
            } else if (arrival.request.supersedes() != null) {
                superseding.add(0, arrival);
            } else {
                others.add(arrival);
            }
        }
        superseding.forEach(arrival -> deliver(arrival, term));
        others.forEach(arrival -> deliver(arrival, term));
    }

    private void withoutHarm(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException stray) {
            meters.alert(Alert.STRAY_EXCEPTION);
            log.error("A record was not taken in, and holds its offset: {}", stray.getClass());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, PartitionTerm term, List<Arrival> arrivals) {
        Instant now = time.now();
        if (record.timestamp() > now.toEpochMilli()) {
            meters.clockAhead(Duration.ofMillis(record.timestamp() - now.toEpochMilli()));
        }
        Source source = new Source(record.topic(), record.partition(), record.offset());
        OffsetTracker tracker =
                term.begin(record.offset(), Math.min(Math.max(record.timestamp(), 0), now.toEpochMilli()));
        Decoded decoded = codec.decode(record.value(), record.timestamp(), source, now);
        if (decoded instanceof Decoded.Request good) {
            SendRequest request =
                    KafkaRequestSink.wrote(record) ? good.request().withPace() : good.request();
            take(request, TraceHeaders.of(record.headers()), term, tracker, now, arrivals);
        } else if (decoded instanceof Decoded.Malformed bad) {
            reject(bad, record, source, term, tracker, now);
        }
    }

    private void take(
            SendRequest request,
            Tracing.Headers headers,
            PartitionTerm term,
            OffsetTracker tracker,
            Instant now,
            List<Arrival> arrivals) {
        String id = request.requestId();
        long offset = request.source().offset();
        switch (term.journal().begin(id, offset, now)) {
            case OPEN -> {
                boolean possiblySent = term.term().mayHaveBeenSent(offset);
                TraceContext trace = tracing.begin(id, request.source(), headers, now);
                arrivals.add(new Arrival(
                        trace == null ? request : request.withTrace(trace),
                        term.journal().standing(id, offset, possiblySent),
                        tracker));
            }
            case FINISHED -> term.done(tracker, offset);
            case BEGUN -> term.outcome(id).onSuccess(outcome -> doneIfSettled(outcome, term, tracker, offset));
            case DUPLICATE -> {
                meters.duplicate();
                term.done(tracker, offset);
            }
        }
    }

    private static void doneIfSettled(Outcome outcome, PartitionTerm term, OffsetTracker tracker, long offset) {
        if (outcome == Outcome.SETTLED) {
            term.done(tracker, offset);
        }
    }

    private void deliver(Arrival arrival, PartitionTerm term) {
        withoutHarm(() -> {
            OpenRequest open = delivery.deliver(arrival.request, arrival.standing, term.term(), term);
            OffsetTracker tracker = arrival.tracker;
            SendRequest known = arrival.request.withoutText(); // the text is the delivery's to hold, and to let go
            term.begun(known, open);
            open.outcome().onSuccess(outcome -> {
                term.over(known);
                if (outcome == Outcome.LEFT) {
                    tracing.left(known, time.now());
                }
                doneIfSettled(outcome, term, tracker, known.source().offset());
            });
        });
    }

    private void reject(
            Decoded.Malformed bad,
            ConsumerRecord<byte[], byte[]> record,
            Source source,
            PartitionTerm term,
            OffsetTracker tracker,
            Instant now) {
        meters.deadLetter(bad.field());
        String requestId = bad.requestId();
        Future<Void> told = Future.succeededFuture();
        if (requestId != null && term.journal().begin(requestId, source.offset(), now) == Known.OPEN) {
            TraceContext trace = tracing.begin(requestId, source, TraceHeaders.of(record.headers()), now);
            told = underLease(term, () -> {
                meters.finished(Status.REJECTED, ReasonClass.INVALID);
                StatusEvent event = rejected(requestId, bad, source, trace, now);
                tracing.told(event);
                return sink.publish(event, term.term());
            });
        }
        Future.all(told, deadLetters.write(record, bad.complaint(), term))
                .onSuccess(both -> term.done(tracker, source.offset()));
    }

    /** A rejection is a final, too. Never succeeds where the term is over before the lease is back. */
    private Future<Void> underLease(PartitionTerm term, Supplier<Future<Void>> step) {
        Promise<Void> later = Promise.promise();
        if (term.term().isOurs() && term.term().leaseHeld()) {
            return step.get();
        }
        if (term.term().isOurs()) {
            var unused = time.after(LOOK, () -> underLease(term, step).onComplete(later));
        }
        return later.future();
    }

    private static StatusEvent rejected(
            String requestId, Decoded.Malformed bad, Source source, @Nullable TraceContext trace, Instant now) {
        return new StatusEvent(
                requestId,
                Status.REJECTED,
                true,
                now,
                null,
                null,
                bad.reason(),
                List.of(),
                false,
                Advice.when(ReasonClass.INVALID),
                null,
                bad.to(),
                null,
                Duration.between(bad.recordedAt(), now),
                false,
                bad.tenant(),
                bad.purpose(),
                null,
                source,
                trace);
    }
}
