package dev.petrel.journal;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult.Kind;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one request stands: the fold over its status events. Whoever sends it applies each event as it is told; whoever
 * takes it over applies what the journal holds. Living through a request and reading its events again give the same.
 *
 * <p>Not safe for several threads.
 */
public final class Standing {
    private int attempts;
    private int round = 1;
    private int copies;
    private Set<String> triedInRound = Set.of();
    private Set<String> out = Set.of();
    private boolean ownSenders;
    private boolean stopped;
    private boolean taken;
    private boolean ended;
    private boolean possiblySent;
    private @Nullable Reason lastReason;

    /** @param possiblySent whether an earlier owner may have sent it without telling */
    public Standing(boolean possiblySent) {
        this.possiblySent = possiblySent;
    }

    public void apply(StatusEvent event) {
        possiblySent |= event.possiblySent();
        ended |= event.last();
        AttemptReport attempt = event.attempt();
        if (attempt != null) {
            apply(attempt.number(), attempt.round(), attempt.provider(), attempt.result(), event.reason());
        }
    }

    /** Of an event that was read: told by an earlier owner, or by somebody else meanwhile. */
    public void apply(JournalEvent event) {
        ended |= event.last();
        JournalEvent.Attempt attempt = event.attempt();
        if (attempt != null) {
            ReasonClass reasonClass = event.reasonClass();
            Reason reason = reasonClass == null ? null : new Reason(reasonClass, null, null);
            possiblySent |= mayBeTaken(attempt.result(), reasonClass);
            apply(attempt.number(), attempt.round(), attempt.provider(), attempt.result(), reason);
        }
    }

    /** Whether the provider may have it: it said yes, or nobody knows, or it broke down with it in its hands. */
    public static boolean mayBeTaken(Kind result, @Nullable ReasonClass reasonClass) {
        return result == Kind.ACCEPTED || result == Kind.AMBIGUOUS || reasonClass == ReasonClass.SERVER_ERROR;
    }

    private void apply(int number, int inRound, String provider, Kind result, @Nullable Reason reason) {
        attempts = Math.max(attempts, number);
        if (inRound > round) {
            round = inRound;
            triedInRound = Set.of();
        }
        triedInRound = with(triedInRound, provider);
        switch (result) {
            case ACCEPTED -> {
                taken = true;
                copies++;
            }
            case AMBIGUOUS -> copies++;
            case REJECTED, THROTTLED, UNAVAILABLE -> {}
        }
        if (reason != null) {
            lastReason = reason;
            switch (Consequence.of(reason.reasonClass())) {
                case STOP -> stopped = true;
                case PROVIDER_OUT -> out = with(out, provider);
                case OWN_SENDERS -> ownSenders = true;
                case GO_ON -> {}
            }
        }
    }

    private static Set<String> with(Set<String> set, String element) {
        if (set.isEmpty()) {
            return Set.of(element); // nearly every request ends with its first attempt
        }
        Set<String> more = new HashSet<>(set);
        more.add(element);
        return more;
    }

    /** An earlier owner may have sent it without telling. */
    void suspectSent() {
        possiblySent = true;
    }

    /** The highest number of an attempt; 0 before the first. */
    public int attempts() {
        return attempts;
    }

    /** The round of the latest attempt; 1 before the first. */
    public int round() {
        return round;
    }

    /** Attempts that a handset may yet see. */
    public int copies() {
        return copies;
    }

    /** Whether the provider was tried in the round of the latest attempt. */
    public boolean tried(String provider) {
        return triedInRound.contains(provider);
    }

    /** Whether the provider is out for this request, whatever the round. */
    public boolean isOut(String provider) {
        return out.contains(provider);
    }

    /** Whether a provider refused the request's sender: all go with their own from now on. */
    public boolean ownSenders() {
        return ownSenders;
    }

    /** Whether no provider may be tried any more. */
    public boolean stopped() {
        return stopped;
    }

    /** Whether a provider took it. */
    public boolean taken() {
        return taken;
    }

    /** Whether what follows is a final and nothing else. */
    public boolean mustEnd() {
        return taken || stopped;
    }

    /** Whether its final was told. */
    public boolean ended() {
        return ended;
    }

    /** False only where surely no provider has it. */
    public boolean possiblySent() {
        return possiblySent;
    }

    /** Why the latest attempt failed; null if none did. */
    public @Nullable Reason lastReason() {
        return lastReason;
    }
}
