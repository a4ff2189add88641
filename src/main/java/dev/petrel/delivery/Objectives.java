package dev.petrel.delivery;

import dev.petrel.journal.Copy;
import dev.petrel.journal.Standing;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.metrics.Meters;
import dev.petrel.metrics.Objective;
import dev.petrel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts which requests kept the two {@link Objective}s, each request once for each, as soon as that is decided: by what
 * is told of it, or by time that has run out. Waiting for finals would be simpler, and would hear of an outage as late
 * as they come.
 *
 * <p>Left out is who failed by the user's own fault, who was superseded before its time had run out, and, while
 * our ears are shut, who waits for a receipt. What is on its way where carriers report no handsets is in hand. Who is
 * taken over counts where the earlier owner has not counted it; of whom something was told, and whose time ran out while
 * nobody owned them, are not counted as prompt or otherwise.
 *
 * <p>Used on one event loop.
 */
final class Objectives {
    static final Duration TAKEN_WITHIN = Duration.ofSeconds(10);
    static final Duration IN_HAND_WITHIN = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Set<ReasonClass> THE_USERS_OWN = EnumSet.of(
            ReasonClass.RECIPIENT_INVALID,
            ReasonClass.RECIPIENT_UNREACHABLE,
            ReasonClass.OPTED_OUT,
            ReasonClass.CONTENT,
            ReasonClass.INVALID,
            ReasonClass.DENIED,
            ReasonClass.LIMIT);

    private final BooleanSupplier deaf;
    private final Time time;
    private final Meters meters;
    private final Set<String> countries = new HashSet<>();
    /** In the order they came, which is nearly that of their time. */
    private final ArrayDeque<Aim> untaken = new ArrayDeque<>();

    private final ArrayDeque<Aim> untold = new ArrayDeque<>();
    private boolean looking;

    /** @param deaf whether receipts don't reach us */
    Objectives(BooleanSupplier deaf, Time time, Meters meters) {
        this.deaf = deaf;
        this.time = time;
        this.meters = meters;
    }

    /** @param underway whether a provider took it and nothing more will be heard of it, as is usual there */
    Aim begin(SendRequest request, Standing standing, Copies copies, BooleanSupplier underway) {
        Aim aim = new Aim(request, standing, underway);
        if (countries.add(aim.country)) {
            meters.objectivesOf(aim.country);
        }
        Copy taken =
                standing.copies().stream().filter(Copy::accepted).findFirst().orElse(null);
        if (taken != null) {
            aim.takenElsewhere(Instant.ofEpochMilli(taken.at()), copies.reports(taken.provider()));
        } else if (standing.attempts() > 0 && aim.isOlderThan(TAKEN_WITHIN, time.now())) {
            aim.promptDecided = true; // by who made the attempts
        } else {
            waitIn(untaken, aim);
        }
        return aim;
    }

    private void waitIn(ArrayDeque<Aim> queue, Aim aim) {
        forgetDecided(); // nearly all are decided within moments, and each of them keeps its request
        queue.add(aim);
        if (!looking) {
            looking = true;
            var unused = time.after(LOOK, this::look);
        }
    }

    private void forgetDecided() {
        while (!untaken.isEmpty() && (untaken.element().promptDecided || untaken.element().taken)) {
            untaken.remove();
        }
        while (!untold.isEmpty() && untold.element().promptDecided) {
            untold.remove();
        }
    }

    /** Who waits for his time to run out, decided or not. */
    int waiting() {
        return untaken.size() + untold.size();
    }

    private void look() {
        Instant now = time.now();
        while (!untaken.isEmpty() && untaken.element().isOutOfTime(TAKEN_WITHIN, now)) {
            untaken.remove().notTakenInTime();
        }
        while (!untold.isEmpty() && untold.element().isOutOfTime(IN_HAND_WITHIN, now)) {
            untold.remove().notToldInTime();
        }
        looking = !untaken.isEmpty() || !untold.isEmpty();
        if (looking) {
            var unused = time.after(LOOK, this::look);
        }
    }

    /** One request's. */
    final class Aim {
        private final String country;
        private final Instant requestedAt;
        private final Instant expiresAt;
        private final Standing standing;
        private final BooleanSupplier underway;
        private boolean taken;
        private boolean answerDecided;
        private boolean promptDecided;

        private Aim(SendRequest request, Standing standing, BooleanSupplier underway) {
            this.country = request.to().country();
            this.requestedAt = request.recordedAt();
            this.expiresAt = request.expiresAt();
            this.standing = standing;
            this.underway = underway;
        }

        /**
         * A provider took it, perhaps not for the first time.
         *
         * @param reports whether a receipt will tell of it
         */
        void taken(Instant at, boolean reports) {
            if (taken) {
                return;
            }
            taken = true;
            answered(!at.isAfter(expiresAt));
            if (isOlderThan(TAKEN_WITHIN, at)) {
                prompt(false);
            } else if (!reports) {
                prompt(true);
            } else if (!promptDecided) {
                waitIn(untold, this);
            }
        }

        /** As {@link #taken}, under another owner, who counted what was decided with it. */
        void takenElsewhere(Instant at, boolean reports) {
            answerDecided = true;
            promptDecided |= !reports || isOlderThan(TAKEN_WITHIN, at) || isOlderThan(IN_HAND_WITHIN, time.now());
            taken(at, reports);
        }

        void inHand(Instant at) {
            taken = true;
            answered(!at.isAfter(expiresAt));
            prompt(!isOlderThan(IN_HAND_WITHIN, at));
        }

        /** Its final is told. */
        void ended(StatusEvent last) {
            if (last.status() == Status.DELIVERED) {
                inHand(last.at());
            } else if (!isTheUsersOwn(last.reason())) {
                answered(!last.at().isAfter(expiresAt));
                if (last.status() != Status.SUPERSEDED) {
                    prompt(false);
                }
            }
            over();
        }

        /** It is somebody else's, to count too. */
        void over() {
            answerDecided = true;
            promptDecided = true;
        }

        private void notTakenInTime() {
            if (!taken && !isTheUsersOwn(standing.lastReason())) {
                prompt(false);
            }
        }

        private void notToldInTime() {
            if (underway.getAsBoolean()) {
                prompt(true);
            } else if (!deaf.getAsBoolean() && !isTheUsersOwn(standing.lastReason())) {
                prompt(false);
            }
            promptDecided = true;
        }

        private void answered(boolean kept) {
            if (!answerDecided) {
                answerDecided = true;
                meters.objective(Objective.ANSWERED, country, kept);
            }
        }

        private void prompt(boolean kept) {
            if (!promptDecided) {
                promptDecided = true;
                meters.objective(Objective.PROMPT, country, kept);
            }
        }

        private boolean isOutOfTime(Duration limit, Instant now) {
            return promptDecided || isOlderThan(limit, now) || limit.equals(TAKEN_WITHIN) && taken;
        }

        private boolean isOlderThan(Duration limit, Instant now) {
            return now.isAfter(requestedAt.plus(limit));
        }

        private static boolean isTheUsersOwn(@Nullable Reason reason) {
            return reason != null && THE_USERS_OWN.contains(reason.reasonClass());
        }
    }
}
