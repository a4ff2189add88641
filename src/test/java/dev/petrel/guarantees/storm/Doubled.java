package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call that would not have been made, had its maker known what came of an earlier one. A call that follows from an
 * earlier failure, as the table of results has it, is none.
 *
 * @param told of the earlier call; null: nobody tells of it
 * @param unclean what fell, or was going on, between the two, and hit the instance that made the earlier one
 */
record Doubled(String requestId, Seen earlier, @Nullable Event told, Seen later, List<Episode> unclean) {
    /** After these no provider is asked again. */
    static final Set<String> STOPS =
            Set.of("recipient_invalid", "opted_out", "content", "fraud_blocked", "geo_blocked");

    private static final Duration ROUNDING = Duration.ofMillis(200);

    static List<Doubled> all(History history) {
        List<Doubled> all = new ArrayList<>();
        for (Asked request : history.requests()) {
            if (history.calls(request.requestId()).size() > 1) {
                List<Pairing.Pair> pairs =
                        Pairing.of(history, request.requestId()).pairs();
                for (int i = 1; i < pairs.size(); i++) {
                    of(history, request.requestId(), pairs, i).ifPresent(all::add);
                }
            }
        }
        return all;
    }

    private static Optional<Doubled> of(History history, String requestId, List<Pairing.Pair> pairs, int i) {
        Seen later = pairs.get(i).call();
        for (int j = i - 1; j >= 0; j--) {
            Pairing.Pair earlier = pairs.get(j);
            if (!permits(earlier, later)) {
                return Optional.of(new Doubled(
                        requestId,
                        earlier.call(),
                        earlier.told(),
                        later,
                        history.unclean(earlier.call().sender(), earlier.call().at(), later.at())));
            }
        }
        return Optional.empty();
    }

    /** Whether the one may follow the other. */
    private static boolean permits(Pairing.Pair earlier, Seen later) {
        Event told = earlier.told();
        boolean sameInstance = earlier.call().sender().equals(later.sender());
        if (told == null) {
            return sameInstance; // it knew what came of it, and was killed before the status topic did
        }
        return !told.status().equals("submitted")
                && !STOPS.contains(told.reasonClass())
                && (sameInstance || !told.recordedAt().isAfter(later.at().plus(ROUNDING)));
    }

    /** What excuses it: it struck while nothing of the earlier call was on the status topic yet. */
    Optional<Episode> excuse() {
        return unclean.stream()
                .filter(episode -> told == null || !told.recordedAt().isBefore(episode.from()))
                .findFirst();
    }

    /** Whether a handset may see it twice. */
    boolean takenTwice() {
        return earlier.accepted() && later.accepted();
    }

    @Override
    public String toString() {
        return requestId + " was sent by " + earlier.sender() + " at " + earlier.at() + " to " + earlier.provider()
                + " ("
                + (told == null
                        ? "not told"
                        : "told as " + told.status() + " " + told.reasonClass() + " at " + told.recordedAt())
                + "), and again by " + later.sender() + " at " + later.at() + " to " + later.provider();
    }
}
