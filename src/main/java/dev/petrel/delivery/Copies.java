package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.health.DeliveryHealth;
import dev.petrel.journal.Copy;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one request: which of them may still be heard of, and until when; and what is heard, passed on to what is
 * known of their providers.
 *
 * <p>A copy that an earlier owner submitted is waited for anew: while nobody owned the partition, its receipts may have
 * been lost.
 */
final class Copies {
    private final Supplier<DeliveryConfig> config;
    private final Receiving receiving;
    private final Providers providers;
    private final Standing standing;
    private final String requestId;
    private final String country;
    private final long since;
    private Map<String, DeliveryHealth.Copy> watched = Map.of();

    /** @param since when we began with the request */
    Copies(Delivery delivery, Standing standing, String requestId, String country, Instant since) {
        this.config = delivery.config;
        this.receiving = delivery.receiving;
        this.providers = delivery.providers;
        this.standing = standing;
        this.requestId = requestId;
        this.country = country;
        this.since = since.toEpochMilli();
    }

    /** Whether receipts of what this provider takes will come. */
    boolean reports(String provider) {
        GuardedProvider known = providers.get(provider);
        return receiving.config().get().on() && known != null && known.givesReceipts();
    }

    /** Those that an earlier owner submitted. */
    void resume() {
        for (Copy copy : standing.copies()) {
            if (copy.accepted() && !copy.over() && reports(copy.provider())) {
                watch(
                        copy.attemptId(),
                        receiving
                                .health()
                                .resumed(requestId, copy.provider(), country, copy.state() == ReceiptState.ENROUTE));
            }
        }
    }

    /** An attempt of ours is told. */
    void told(String attemptId) {
        Copy copy = find(attemptId);
        if (copy != null && copy.accepted()) {
            pass(copy);
        }
    }

    /** A receipt was heard, and the standing knows. */
    void heard(JournalEvent.Receipt receipt) {
        Copy copy = find(receipt.attemptId());
        if (copy != null && reports(copy.provider())) {
            pass(copy);
        }
    }

    private void pass(Copy copy) {
        DeliveryHealth.Copy known = health(copy);
        ReceiptState state = copy.state();
        if (state == ReceiptState.DELIVERED) {
            known.delivered();
        } else if (state != null && state.bad()) {
            ReasonClass why = copy.reasonClass();
            known.undelivered(why == null ? ReasonClass.UNAVAILABLE : why);
        } else if (state == ReceiptState.ENROUTE) {
            known.underway();
        }
    }

    /** What the health of its provider knows it as. */
    DeliveryHealth.Copy health(Copy copy) {
        DeliveryHealth.Copy known = watched.get(copy.attemptId());
        if (known == null) {
            boolean sole = standing.copies().get(0) == copy;
            known = receiving.health().submitted(requestId, copy.provider(), country, reports(copy.provider()), sole);
            watch(copy.attemptId(), known);
        }
        return known;
    }

    private void watch(String attemptId, DeliveryHealth.Copy copy) {
        if (watched.isEmpty()) {
            watched = Map.of(attemptId, copy); // nearly every request has one
        } else {
            Map<String, DeliveryHealth.Copy> more = new HashMap<>(watched);
            more.put(attemptId, copy);
            watched = more;
        }
    }

    /** Nobody waits any more. */
    void over() {
        watched.values().forEach(DeliveryHealth.Copy::over);
    }

    /** Whether the latest that a provider took is one of which nothing will be heard. */
    boolean takenInSilence() {
        Copy taken = standing.latestAccepted();
        return taken != null && !taken.over() && !taken.givenUp() && !reports(taken.provider());
    }

    /** Whether one is on its way, and more is hardly ever heard where it went. */
    boolean underwayForGood() {
        for (Copy copy : standing.copies()) {
            DeliveryHealth.Copy known = watched.get(copy.attemptId());
            if (copy.accepted() && !copy.bad() && known != null && !known.clockRuns()) {
                return true;
            }
        }
        return false;
    }

    /** Whether one more may be sent. */
    boolean anotherMayFollow() {
        return anotherMayFollow(0);
    }

    /** Whether one more may be sent after so many more. */
    boolean anotherMayFollow(int more) {
        DeliveryConfig current = config.get();
        if (standing.copies().size() >= 2 * current.maxCopies()) {
            return false; // what was taken and did not arrive is billed all the same
        }
        int soFar = standing.copiesThatMayArrive() + more;
        return current.onAmbiguous() == DeliveryConfig.OnAmbiguous.NEXT ? soFar < current.maxCopies() : soFar == 0;
    }

    /** Whether a provider took it, and nothing said that this came to nothing. */
    boolean mayHaveArrived() {
        for (Copy copy : standing.copies()) {
            if (copy.accepted() && !copy.bad()) {
                return true;
            }
        }
        return false;
    }

    /** Until when a copy is open; null if none is now. The earliest such end, for something may follow from it. */
    @Nullable
    Instant nextToClose(Instant now) {
        long next = Long.MAX_VALUE;
        for (Copy copy : standing.copies()) {
            long closes = closes(copy);
            if (closes > now.toEpochMilli()) {
                next = Math.min(next, closes);
            }
        }
        return next == Long.MAX_VALUE ? null : Instant.ofEpochMilli(next);
    }

    private long closes(Copy copy) {
        if (copy.over() || !reports(copy.provider())) {
            return Long.MIN_VALUE;
        }
        if (!copy.accepted()) {
            return clockEnd(copy).toEpochMilli();
        }
        long last = 0;
        for (Copy any : standing.copies()) {
            last = Math.max(last, any.at());
        }
        return last + receiving.config().get().window().toMillis();
    }

    /** When its silence is a bad receipt. */
    Instant clockEnd(Copy copy) {
        Duration failoverAfter = receiving.config().get().failoverAfter();
        return Instant.ofEpochMilli(Math.max(copy.at(), since)).plus(failoverAfter);
    }

    @Nullable
    Copy find(String attemptId) {
        for (Copy copy : standing.copies()) {
            if (copy.attemptId().equals(attemptId)) {
                return copy;
            }
        }
        return null;
    }
}
