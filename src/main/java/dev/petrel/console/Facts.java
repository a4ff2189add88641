package dev.petrel.console;

import dev.petrel.availability.CountryState;
import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Decision;
import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.Provider;
import dev.petrel.console.Board.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What findings are made of, as it stands at one instant.
 *
 * @param readFrom what was before is not known
 * @param current decisions that are not over
 * @param countries as availability has them, by country
 * @param unownedSince null: every partition has its owner
 * @param ownersSeen else partitions may have been without owners before anybody looked
 * @param crowded whether there are more pairs of provider and country than are kept
 */
record Facts(
        Instant now,
        Instant readFrom,
        List<Decision> current,
        List<Cell> cells,
        List<Provider> providers,
        Map<String, CountryState> countries,
        List<Instance> instances,
        List<Integer> unowned,
        @Nullable Instant unownedSince,
        boolean ownersSeen,
        Totals totals,
        Ears ears,
        boolean crowded) {
    /** Whether users feel it there: somebody has measured it. */
    boolean isNotOk(String country) {
        CountryState state = countries.get(country);
        return state != null && state.state() != CountryState.State.OK;
    }
}
