package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * P5: a provider sees the attempts that are told as sent, and no others but those of which an instance that was killed
 * did not come to tell. What is told as ambiguous may have got lost on the way to the provider.
 */
final class SeenIsTold implements Observer {
    /** An attempt lasts 3 s at the most, and its event is on the topic soon after unless the broker is away. */
    private static final Duration OPEN = Duration.ofSeconds(5);

    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        if (history.strangers() > 0) {
            violations.add(history.strangers() + " calls belong to no request");
        }
        for (Asked request : history.requests()) {
            Pairing pairing = Pairing.of(history, request.requestId());
            for (Pairing.Pair pair : pairing.pairs()) {
                if (pair.told() == null && !wasOpen(history, pair.call())) {
                    violations.add(request.requestId() + " was sent by "
                            + pair.call().sender() + " at " + pair.call().at() + " to "
                            + pair.call().provider() + ", and nobody tells of it");
                }
            }
            for (Event event : pairing.unseen()) {
                Event.Attempt attempt = event.attempt();
                if (attempt != null && !attempt.result().equals("ambiguous")) {
                    violations.add(request.requestId() + " is told as sent by " + event.writer() + " at " + event.at()
                            + " to " + attempt.provider() + " (" + attempt.result() + "), who did not see it");
                }
            }
        }
        return violations;
    }

    private static boolean wasOpen(History history, Seen call) {
        return history.episodes().stream()
                .filter(episode -> episode.kind() == Fault.Kind.KILL
                        && episode.instance().equals(call.sender())
                        && !episode.to().isBefore(call.at()))
                .anyMatch(kill -> kill.from().isBefore(call.at().plus(OPEN))
                        || history.unclean(call.sender(), call.at(), kill.from()).stream()
                                .anyMatch(other ->
                                        other.kind() != Fault.Kind.KILL && stillFelt(other, call.at(), kill.from())));
    }

    /** Whether this kept what was told from the topic until the kill. */
    private static boolean stillFelt(Episode episode, Instant call, Instant kill) {
        return episode.during(call, call.plus(OPEN)) && episode.to().plus(OPEN).isAfter(kill);
    }
}
