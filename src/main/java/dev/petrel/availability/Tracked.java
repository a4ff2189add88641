package dev.petrel.availability;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Status;
import org.jspecify.annotations.Nullable;

/** What is known of one request: whether, and when, its message came into somebody's hand. */
final class Tracked {
    private static final long NEVER = Long.MAX_VALUE;
    /** In hand later than this is not in hand: whoever waits for a code has given up. */
    static final long IN_HAND_MILLIS = 30_000;

    private final long request;
    private final long requestedAt;
    private int weight;
    private long inHandAt = NEVER;
    private long enrouteAt = NEVER;
    private @Nullable Handsets enrouteBy;
    private @Nullable Handsets attemptedBy;
    private boolean attemptedBySeveral;
    private boolean over;
    private boolean outOfCount;

    /** @param weight how many requests this one stands for */
    Tracked(long request, long requestedAt, int weight) {
        this.request = request;
        this.requestedAt = requestedAt;
        this.weight = weight;
    }

    long request() {
        return request;
    }

    long requestedAt() {
        return requestedAt;
    }

    int weight() {
        return weight;
    }

    void weighAtLeast(int least) {
        weight = Math.max(weight, least);
    }

    /**
     * @param handsets what the event's provider reports here; null where it is about none
     * @return how long it took if it came into hand with this, or -1
     */
    long saw(Sighting event, @Nullable Handsets handsets) {
        boolean before = inHandAt() != NEVER;
        if (handsets != null) {
            attemptedBySeveral |= attemptedBy != null && attemptedBy != handsets;
            attemptedBy = handsets;
        }
        if (event.last() && !over) {
            over = true;
            outOfCount = isOutOfCount(event);
            if (event.status() == Status.DELIVERED || event.status() == Status.SUBMITTED) {
                inHandAt = Math.min(inHandAt, event.atMillis());
            }
        } else if (event.receipt() == ReceiptState.DELIVERED) {
            inHandAt = Math.min(inHandAt, event.atMillis());
        } else if (event.receipt() == ReceiptState.ENROUTE && handsets != null && event.atMillis() < enrouteAt) {
            enrouteAt = event.atMillis();
            enrouteBy = handsets;
        }
        return before || inHandAt() == NEVER ? -1 : latency();
    }

    /** Of the provider that made all attempts; null where there were several, or none. */
    @Nullable
    Handsets onlyBy() {
        return attemptedBySeveral ? null : attemptedBy;
    }

    /** Null where it says nothing: it is out of count, or may still come into hand in time. */
    @Nullable
    Judged judge(long now, long patience) {
        if (outOfCount) {
            return null;
        }
        if (inHandAt() != NEVER) {
            return new Judged(requestedAt, latency() <= IN_HAND_MILLIS ? latency() : Judged.NOT_IN_HAND, weight);
        }
        return over || now - requestedAt >= patience ? new Judged(requestedAt, Judged.NOT_IN_HAND, weight) : null;
    }

    private long inHandAt() {
        boolean lastWord = enrouteBy != null && !enrouteBy.reported();
        return lastWord ? Math.min(inHandAt, enrouteAt) : inHandAt;
    }

    private long latency() {
        return Math.max(0, inHandAt() - requestedAt);
    }

    /** Whether what ended it says nothing about SMS: its recipient, its content, or whoever asked. */
    private static boolean isOutOfCount(Sighting event) {
        if (event.status() == Status.REJECTED || event.status() == Status.SUPERSEDED) {
            return true;
        }
        ReasonClass reason = event.reason();
        if (reason == null || event.status() == Status.DELIVERED) {
            return false;
        }
        return switch (reason) {
            case RECIPIENT_INVALID,
                    RECIPIENT_UNREACHABLE,
                    OPTED_OUT,
                    CONTENT,
                    DENIED,
                    LIMIT,
                    INVALID,
                    FRAUD_BLOCKED,
                    GEO_BLOCKED -> true;
            case FILTERED,
                    NO_ROUTE,
                    SENDER_REFUSED,
                    BAD_REQUEST,
                    PROVIDER_FAULT,
                    THROTTLED,
                    UNAVAILABLE,
                    SERVER_ERROR,
                    AMBIGUOUS,
                    NO_PROVIDER,
                    SATURATED,
                    EXPIRED,
                    VERIFIED -> false;
        };
    }
}
