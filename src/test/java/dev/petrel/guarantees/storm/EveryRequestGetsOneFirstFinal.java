package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * P1: each request has a final in its own partition, and the first one is not a stale owner's: its writer took the
 * partition over last before it, or had decided before the next owner did. A record that is no request has a dead letter,
 * and a final too if an id can be read.
 */
final class EveryRequestGetsOneFirstFinal implements Observer {
    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        for (Asked request : history.requests()) {
            Event last = history.firstFinal(request.requestId()).orElse(null);
            if (last == null) {
                violations.add(request.requestId() + " has no final");
            } else if (last.partition() != request.partition()) {
                violations.add(request.requestId() + " has its final on another partition");
            } else {
                stale(history, last).ifPresent(violations::add);
            }
        }
        malformed(history, violations);
        history.mishaps().forEach(violations::add);
        return violations;
    }

    private static Optional<String> stale(History history, Event last) {
        Mark owner = history.ownerBefore(last.partition(), last.offset()).orElse(null);
        if (owner != null && owner.writer().equals(last.writer())) {
            return Optional.empty();
        }
        if (owner != null && last.at().isBefore(owner.recordedAt()) && wasOwner(history, last)) {
            return Optional.empty(); // it waited in the queue of one that was cut off
        }
        return Optional.of(last.requestId() + " has its first final (" + last.status() + ") by " + last.writer()
                + " at "
                + last.at() + ", when "
                + (owner == null ? "nobody" : owner.writer() + " since " + owner.recordedAt()) + " owned partition "
                + last.partition());
    }

    private static boolean wasOwner(History history, Event last) {
        return history.marks(last.partition()).stream()
                .anyMatch(mark -> mark.offset() < last.offset() && mark.writer().equals(last.writer()));
    }

    private static void malformed(History history, List<String> violations) {
        Set<String> letters = new HashSet<>();
        history.letters().forEach(letter -> letters.add(letter.partition() + ":" + letter.offset()));
        for (Malformed record : history.malformed()) {
            String place = record.partition() + ":" + record.offset();
            if (!letters.contains(place)) {
                violations.add("the malformed record at " + place + " has no dead letter");
            }
            String id = record.requestId();
            if (id != null
                    && !history.firstFinal(id).map(Event::status).orElse("").equals("rejected")) {
                violations.add(id + " is malformed and not rejected");
            }
        }
    }
}
