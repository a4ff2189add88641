package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** P2: no provider sees a code with less of its life left than an attempt must have. */
final class NeverSentAfterExpiry implements Observer {
    private static final Duration MIN_LIFE = Duration.ofSeconds(5);
    /** An attempt's own time: it may go into getting a connection, and nothing is written after it. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(3);

    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        for (Asked request : history.requests()) {
            Instant latest = request.expiresAt().minus(MIN_LIFE).plus(ON_THE_WAY);
            for (Seen call : history.calls(request.requestId())) {
                if (call.at().isAfter(latest)) {
                    violations.add(request.requestId() + " was sent by " + call.sender() + " at " + call.at()
                            + " and expires at " + request.expiresAt());
                }
            }
        }
        return violations;
    }
}
