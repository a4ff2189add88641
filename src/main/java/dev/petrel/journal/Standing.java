package dev.petrel.journal;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptRef;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where one request stands: the fold over its status events. Whoever sends it applies each event as it is told; whoever
 * takes it over applies what the journal holds. Living through a request and reading its events again give the same.
 *
 * <p>Not safe for several threads.
 */
public final class Standing {
    private static final String UNDELIVERED = "the provider could not deliver it";

    private int attempts;
    private int round = 1;
    private List<Copy> copies = List.of();
    private Set<String> triedInRound = Set.of();
    private Set<String> out = Set.of();
    private boolean ownSenders;
    private boolean stopped;
    private boolean delivered;
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
            made(attempt.number(), attempt.round(), attempt.provider());
            result(
                    attempt.id(),
                    attempt.number(),
                    attempt.round(),
                    attempt.provider(),
                    attempt.result(),
                    event.reason(),
                    event.at().toEpochMilli());
        }
        AttemptRef about = event.about();
        if (about != null && event.status() == Status.UNDELIVERED) {
            giveUp(about.id());
        }
    }

    /** Of an event that was read: told by an earlier owner, by somebody else meanwhile, or a receipt. */
    public void apply(JournalEvent event) {
        ended |= event.last();
        ReasonClass reasonClass = event.reasonClass();
        Reason reason = reasonClass == null ? null : new Reason(reasonClass, null, null);
        if (event.word() instanceof JournalEvent.Attempt attempt) {
            possiblySent |= mayBeTaken(attempt.result(), reasonClass);
            made(attempt.number(), attempt.round(), attempt.provider());
            String id = attempt.id();
            result(
                    id == null ? "#" + attempt.number() : id,
                    attempt.number(),
                    attempt.round(),
                    attempt.provider(),
                    attempt.result(),
                    reason,
                    event.at());
        } else if (event.word() instanceof JournalEvent.Receipt receipt) {
            possiblySent = true;
            apply(receipt, reason, event.at());
        } else if (event.word() instanceof JournalEvent.Undelivered undelivered) {
            giveUp(undelivered.attemptId());
        } else if (event.word() instanceof JournalEvent.Verified) {
            delivered = true;
            lastReason = Reason.of(ReasonClass.VERIFIED, "the user has typed it");
        }
    }

    /** Whether the provider may have it: it said yes, or nobody knows, or it broke down with it in its hands. */
    public static boolean mayBeTaken(Kind result, @Nullable ReasonClass reasonClass) {
        return result == Kind.ACCEPTED || result == Kind.AMBIGUOUS || reasonClass == ReasonClass.SERVER_ERROR;
    }

    private void made(int number, int inRound, String provider) {
        attempts = Math.max(attempts, number);
        if (inRound > round) {
            round = inRound;
            triedInRound = Set.of();
        }
        triedInRound = with(triedInRound, provider);
    }

    private void result(
            String id, int number, int inRound, String provider, Kind result, @Nullable Reason reason, long at) {
        switch (result) {
            case ACCEPTED -> copy(id, number, inRound, provider, at).accept();
            case AMBIGUOUS -> {
                var unused = copy(id, number, inRound, provider, at);
            }
            case REJECTED, THROTTLED, UNAVAILABLE -> {}
        }
        if (reason != null) {
            conclude(provider, reason);
        }
    }

    private void apply(JournalEvent.Receipt receipt, @Nullable Reason reason, long at) {
        Copy copy = find(receipt.attemptId());
        if (copy == null) { // its result is not told yet, or a crash ate it
            made(receipt.number(), receipt.round(), receipt.provider());
            copy = copy(receipt.attemptId(), receipt.number(), receipt.round(), receipt.provider(), at);
        }
        copy.accept();
        if (!copy.hear(receipt.state(), reason == null ? null : reason.reasonClass())) {
            return;
        }
        if (receipt.state() == ReceiptState.DELIVERED) {
            delivered = true;
        } else if (receipt.state().bad()) {
            conclude(receipt.provider(), reason == null ? Reason.of(ReasonClass.UNAVAILABLE, UNDELIVERED) : reason);
        }
    }

    private void conclude(String provider, Reason reason) {
        if (!stopped) {
            lastReason = reason; // why nobody may go on stands, whatever is told of others afterwards
        }
        switch (Consequence.of(reason.reasonClass())) {
            case STOP -> stopped = true;
            case PROVIDER_OUT -> out = with(out, provider);
            case OWN_SENDERS -> ownSenders = true;
            case GO_ON -> {}
        }
    }

    private void giveUp(String id) {
        Copy copy = find(id);
        if (copy != null) {
            copy.giveUp();
        }
    }

    /** The copy of this attempt, told at this time. */
    private Copy copy(String id, int number, int inRound, String provider, long at) {
        Copy known = find(id);
        if (known != null) {
            known.toldAt(at);
            return known;
        }
        Copy copy = new Copy(id, number, inRound, provider, at);
        if (copies.isEmpty()) {
            copies = List.of(copy); // nearly every request has one
        } else {
            List<Copy> more = new ArrayList<>(copies);
            more.add(copy);
            copies = more;
        }
        return copy;
    }

    private @Nullable Copy find(String id) {
        for (Copy copy : copies) {
            if (copy.attemptId().equals(id)) {
                return copy;
            }
        }
        return null;
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

    /** Every attempt that a handset may see or might have seen, in the order they were told. */
    public List<Copy> copies() {
        return copies;
    }

    /** How many of them a handset may yet see. */
    public int copiesThatMayArrive() {
        int count = 0;
        for (Copy copy : copies) {
            count += copy.bad() ? 0 : 1;
        }
        return count;
    }

    /** The latest copy that a provider surely took; null if there is none. */
    public @Nullable Copy latestAccepted() {
        for (int i = copies.size() - 1; i >= 0; i--) {
            if (copies.get(i).accepted()) {
                return copies.get(i);
            }
        }
        return null;
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

    /** Whether a provider took it, whatever came of it. */
    public boolean taken() {
        return latestAccepted() != null;
    }

    /** Whether it is known to have arrived. */
    public boolean delivered() {
        return delivered;
    }

    /** Whether no attempt may start any more. */
    public boolean mustEnd() {
        return delivered || stopped;
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
