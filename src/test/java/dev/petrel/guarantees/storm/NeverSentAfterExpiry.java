package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * P2: no provider sees a code that has expired, nor one with less of its life left than an attempt must have. On a busy
 * machine an attempt may take its time to reach the provider: then its event must tell that it began early enough.
 */
final class NeverSentAfterExpiry implements Observer {
    private static final Duration MIN_LIFE = Duration.ofSeconds(5);
    /** An attempt's own time: it may go into getting a connection, and nothing is written after it. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(3);

    private static final Duration ROUNDING = Duration.ofMillis(250);

    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        for (Asked request : history.requests()) {
            Instant latest = request.expiresAt().minus(MIN_LIFE);
            if (history.calls(request.requestId()).stream()
                    .noneMatch(call -> call.at().isAfter(latest.plus(ON_THE_WAY)))) {
                continue;
            }
            for (Pairing.Pair pair : Pairing.of(history, request.requestId()).pairs()) {
                Seen call = pair.call();
                if (call.at().isAfter(request.expiresAt())
                        || call.at().isAfter(latest.plus(ON_THE_WAY)) && !beganBefore(latest, pair.told())) {
                    violations.add(request.requestId() + " was sent by " + call.sender() + " at " + call.at()
                            + " and expires at " + request.expiresAt());
                }
            }
        }
        return violations;
    }

    private static boolean beganBefore(Instant latest, @Nullable Event told) {
        Event.Attempt attempt = told == null ? null : told.attempt();
        return attempt != null && !told.at().minus(attempt.duration()).isAfter(latest.plus(ROUNDING));
    }
}
