package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** P1, P3: nobody sends for a partition that another has taken over: not who was frozen, and not who was cut off. */
final class OnlyTheOwnerSends implements Observer {
    /** Between the gateway's last look at its lease and the provider's first at the clock. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        for (Asked request : history.requests()) {
            for (Seen call : history.calls(request.requestId())) {
                Mark owner = ownerAt(history.marks(request.partition()), call);
                if (owner == null || !owner.instance().equals(call.sender())) {
                    violations.add(
                            request.requestId() + " was sent by " + call.sender() + " at " + call.at() + ", when "
                                    + (owner == null ? "nobody" : owner.instance() + " since " + owner.recordedAt())
                                    + " owned partition " + request.partition());
                }
            }
        }
        return violations;
    }

    /** Whoever sent it, if he was the owner a moment before; else the last one. */
    private static Mark ownerAt(List<Mark> marks, Seen call) {
        Mark owner = null;
        for (Mark mark : marks) {
            if (mark.recordedAt().isAfter(call.at())) {
                break;
            }
            boolean justTaken = mark.recordedAt().plus(ON_THE_WAY).isAfter(call.at());
            if (owner == null || !(justTaken && owner.instance().equals(call.sender()))) {
                owner = mark;
            }
        }
        return owner;
    }
}
