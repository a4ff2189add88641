package dev.petrel.delivery;

import dev.petrel.attempt.Turn;
import dev.petrel.journal.Copy;
import dev.petrel.journal.Standing;
import dev.petrel.message.Advice;
import dev.petrel.message.Reason;
import dev.petrel.message.Segments;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptRef;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts into events what happens to one request, and keeps its standing in step with what is told. */
final class Telling {
    private final SendRequest request;
    private final Standing standing;
    private final Predicate<String> countryOk;
    private final Time time;
    private final int segments;
    private List<Skip> skipped = List.of();
    private boolean admitted;

    Telling(SendRequest request, Standing standing, Predicate<String> countryOk, Time time) {
        this.request = request.withoutText();
        this.standing = standing;
        this.countryOk = countryOk;
        this.time = time;
        this.segments = Segments.of(request.text());
    }

    /** From now on events tell what the request supersedes: one that was not admitted supersedes nothing. */
    void admitted() {
        admitted = true;
    }

    /** Remembers for the next event that a provider was passed over. */
    void skip(String provider, SkipReason reason) {
        Skip skip = new Skip(provider, reason);
        if (skipped.contains(skip)) {
            return; // it was passed over in an earlier round too, for the same reason
        }
        List<Skip> more = new ArrayList<>(skipped);
        more.add(skip);
        skipped = more;
    }

    /**
     * @param mayEnd whether the event may be the request's final
     * @param advice where nothing is left but to wait; null where something is, or that is not known yet
     */
    StatusEvent attempt(
            String provider,
            int round,
            Submission submission,
            Turn.Made made,
            boolean mayEnd,
            @Nullable Advice advice) {
        SubmitResult result = made.result();
        Reason reason = result.reason();
        boolean taken = result instanceof SubmitResult.Accepted;
        boolean last = taken && mayEnd;
        AttemptReport report = new AttemptReport(
                submission.attemptId(),
                submission.number(),
                round,
                provider,
                result.kind(),
                result.sent(),
                result instanceof SubmitResult.Accepted accepted ? accepted.providerMessageId() : null,
                made.duration());
        return event(
                taken ? Status.SUBMITTED : Status.ATTEMPT_FAILED,
                last,
                report,
                null,
                reason,
                Standing.mayBeTaken(result.kind(), reason == null ? null : reason.reasonClass()),
                last ? Advice.toWait() : advice);
    }

    /** Of that copy nothing good is expected any more, and the next provider follows. */
    StatusEvent undelivered(Copy copy, Reason reason) {
        return event(Status.UNDELIVERED, false, null, ref(copy), reason, false, null);
    }

    /** @param reason null where a receipt says so */
    StatusEvent delivered(@Nullable Copy copy, @Nullable Reason reason) {
        return event(Status.DELIVERED, true, null, copy == null ? null : ref(copy), reason, false, null);
    }

    private static AttemptRef ref(Copy copy) {
        return new AttemptRef(copy.attemptId(), copy.number(), copy.round(), copy.provider());
    }

    /** @param mayBeTaken whether an attempt is in flight */
    StatusEvent last(Status status, @Nullable Reason reason, boolean mayBeTaken) {
        Advice advice = reason == null ? Advice.toWait() : advice(reason);
        return event(status, true, null, null, reason, mayBeTaken, advice);
    }

    /** What to do about it now. */
    Advice advice(Reason reason) {
        return Advice.when(reason.reasonClass(), countryOk.test(request.to().country()));
    }

    private StatusEvent event(
            Status status,
            boolean last,
            @Nullable AttemptReport attempt,
            @Nullable AttemptRef about,
            @Nullable Reason reason,
            boolean mayBeTaken,
            @Nullable Advice advice) {
        Instant now = time.now();
        Duration elapsed = Duration.between(request.recordedAt(), now);
        StatusEvent event = new StatusEvent(
                request.requestId(),
                status,
                last,
                now,
                attempt,
                about,
                reason,
                skipped,
                standing.possiblySent() || mayBeTaken,
                advice,
                request.expiresAt(),
                request.to(),
                segments,
                elapsed.isNegative() ? Duration.ZERO : elapsed,
                status == Status.DELIVERED && now.isAfter(request.expiresAt()),
                request.tenant(),
                request.purpose(),
                admitted ? request.supersedes() : null,
                request.source(),
                request.trace());
        skipped = List.of();
        standing.apply(event);
        return event;
    }
}
