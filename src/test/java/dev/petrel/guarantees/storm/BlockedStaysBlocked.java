package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** P7: what a provider has blocked goes to nobody any more once that is told, and ends as it began. */
final class BlockedStaysBlocked implements Observer {
    private static final Set<String> BLOCKS = Set.of("fraud_blocked", "geo_blocked");

    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        for (Asked request : history.requests()) {
            history.events(request.requestId()).stream()
                    .filter(event -> event.attempt() != null && BLOCKS.contains(event.reasonClass()))
                    .findFirst()
                    .ifPresent(block -> check(history, request.requestId(), block, violations));
        }
        return violations;
    }

    private static void check(History history, String id, Event block, List<String> violations) {
        List<Pairing.Pair> pairs = Pairing.of(history, id).pairs();
        Seen blocked = pairs.stream()
                .filter(pair -> block.equals(pair.told()))
                .map(Pairing.Pair::call)
                .findFirst()
                .orElse(null);
        for (Seen call : history.calls(id)) {
            // whoever was told by the provider knows it before the topic does
            boolean knew = blocked != null
                    && call.sender().equals(blocked.sender())
                    && call.at().isAfter(blocked.at());
            if (knew || call.at().isAfter(block.recordedAt())) {
                violations.add(id + " was " + block.reasonClass() + ", told at " + block.recordedAt() + ", and sent by "
                        + call.sender() + " to " + call.provider() + " at " + call.at());
            }
        }
        Event last = history.firstFinal(id).orElse(null);
        if (last != null && last.offset() > block.offset() && last.attempt() == null && !endsBlocked(last, block)) {
            violations.add(
                    id + " was " + block.reasonClass() + ", and ends " + last.status() + " " + last.reasonClass());
        }
    }

    private static boolean endsBlocked(Event last, Event block) {
        return last.status().equals("failed") && last.reasonClass().equals(block.reasonClass());
    }
}
