package dev.petrel.simulator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one provider took and how it answered. Written on the provider's event loop, read from anywhere. */
final class CallRegister {
    private final int most;

    /** A ring once it has grown to {@link #most}: the call numbered n stands at (n - 1) modulo its length. */
    private Call[] ring;

    private long last;
    /** Calls up to this number have been forgotten. */
    private long forgotten;

    private long taken;
    private long accepted;
    private long waiting;
    private long hanging;
    private long reset;
    private long closed;
    private long receiptsSent;
    private long receiptsAcknowledged;
    private long receiptsFailed;
    private TreeMap<Integer, long[]> answered = new TreeMap<>();
    private final NumberSet destinations = new NumberSet();

    /** @param most calls kept, the oldest give way; 0: none, only counts */
    CallRegister(int most) {
        this.most = most;
        this.ring = new Call[Math.min(most, 1024)];
    }

    synchronized long nextNumber() {
        return last + 1;
    }

    synchronized void take(Call call) {
        last = call.number();
        taken++;
        waiting++;
        String to = call.to();
        if (to != null) {
            destinations.add(to);
        }
        if (most == 0) {
            return;
        }
        if (last - forgotten > ring.length && ring.length < most) {
            grow();
        }
        ring[place(last)] = call;
    }

    /** Before the answer is written, so that whoever has the answer finds it counted. */
    synchronized void answered(Call call, int status, @Nullable String error) {
        waiting--;
        call.answered(status, error);
        answered.computeIfAbsent(status, any -> new long[1])[0]++;
        if (error == null) {
            accepted++;
        }
    }

    synchronized void hang(Call call) {
        waiting--;
        hanging++;
        call.become(Call.Fate.HANGING);
    }

    synchronized void reset(Call call) {
        waiting--;
        reset++;
        call.become(Call.Fate.RESET);
    }

    /** Does nothing where this call has come to its end before. */
    synchronized void closed(Call call) {
        switch (call.fate()) {
            case WAITING -> waiting--;
            case HANGING -> hanging--;
            default -> {
                return;
            }
        }
        closed++;
        call.become(Call.Fate.CLOSED);
    }

    synchronized void receiptSent() {
        receiptsSent++;
    }

    synchronized void receiptAcknowledged() {
        receiptsAcknowledged++;
    }

    synchronized void receiptFailed() {
        receiptsFailed++;
    }

    synchronized List<Call> since(long after, int limit) {
        long first = Math.max(Math.max(after, forgotten), last - ring.length) + 1;
        if (most == 0 || first > last) {
            return List.of();
        }
        long end = Math.min(last, first + limit - 1);
        List<Call> calls = new ArrayList<>((int) (end - first + 1));
        for (long number = first; number <= end; number++) {
            calls.add(ring[place(number)]);
        }
        return calls;
    }

    synchronized Counts counts() {
        TreeMap<Integer, Long> byStatus = new TreeMap<>();
        answered.forEach((status, count) -> byStatus.put(status, count[0]));
        return new Counts(
                taken,
                accepted,
                Collections.unmodifiableSortedMap(byStatus),
                waiting,
                hanging,
                reset,
                closed,
                destinations.size(),
                (int) Math.min(last - forgotten, ring.length),
                new Counts.Receipts(receiptsSent, receiptsAcknowledged, receiptsFailed));
    }

    synchronized void forget() {
        forgotten = last;
        ring = new Call[Math.min(most, 1024)];
        taken = 0;
        accepted = 0;
        reset = 0;
        closed = 0;
        receiptsSent -= receiptsAcknowledged + receiptsFailed;
        receiptsAcknowledged = 0;
        receiptsFailed = 0;
        answered = new TreeMap<>();
        destinations.clear();
    }

    private void grow() {
        Call[] larger = new Call[(int) Math.min(most, ring.length * 2L)];
        for (long number = forgotten + 1; number < last; number++) {
            larger[(int) ((number - 1) % larger.length)] = ring[place(number)];
        }
        ring = larger;
    }

    private int place(long number) {
        return (int) ((number - 1) % ring.length);
    }
}
