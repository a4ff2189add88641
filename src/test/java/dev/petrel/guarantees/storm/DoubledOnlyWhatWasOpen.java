package dev.petrel.guarantees.storm;

import java.util.List;

/** P3: after an unclean end only that is sent again of which nothing was on the status topic when it struck. */
final class DoubledOnlyWhatWasOpen implements Observer {
    @Override
    public List<String> violations(History history) {
        return Doubled.all(history).stream()
                .filter(doubled ->
                        !doubled.unclean().isEmpty() && doubled.excuse().isEmpty())
                .map(doubled -> doubled + ", though the "
                        + doubled.unclean().get(0).kind().words() + " came later")
                .toList();
    }
}
