package dev.petrel.console;

import dev.petrel.availability.CountryState;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.Level;
import dev.petrel.console.Board.Totals;
import dev.petrel.console.Board.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All of it in a sentence. */
final class Verdicts {
    private Verdicts() {}

    static Verdict of(
            List<Finding> findings,
            List<CountryState> countries,
            List<Instance> instances,
            Totals totals,
            Instant now) {
        if (findings.isEmpty()) {
            return instances.isEmpty()
                    ? new Verdict(Level.WARN, "no instance has said anything of itself")
                    : new Verdict(Level.OK, well(countries, instances, totals));
        }
        Finding worst = findings.get(0);
        String more = findings.size() == 1 ? "" : ", and " + (findings.size() - 1) + " more";
        boolean copes = worst.level() != Level.BAD && arrive(countries, now);
        return new Verdict(worst.level(), worst.title() + more + (copes ? ". Codes arrive all the same" : ""));
    }

    /** @param known what is known nevertheless; null: nothing */
    static Verdict unsure(@Nullable String missing, @Nullable Verdict known) {
        String words = missing == null ? "not everything is read yet" : missing;
        if (known == null) {
            return new Verdict(Level.WARN, words);
        }
        Level level = known.level() == Level.BAD ? Level.BAD : Level.WARN;
        return new Verdict(level, words + "; until then: " + known.words());
    }

    /** Whether somebody has just measured that they do. */
    private static boolean arrive(List<CountryState> countries, Instant now) {
        return countries.stream()
                .anyMatch(state -> state.country().equals(CountryState.ALL)
                        && state.state() == CountryState.State.OK
                        && state.inHandShare() != null
                        && Duration.between(state.at(), now).compareTo(ClusterFindings.AVAILABILITY_SILENT) <= 0);
    }

    private static String well(List<CountryState> countries, List<Instance> instances, Totals totals) {
        Double share = countries.stream()
                .filter(state -> state.country().equals(CountryState.ALL))
                .map(CountryState::inHandShare)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        String inHand = share == null
                ? "no code was measured"
                : String.format(Locale.ROOT, "%d %% are in hand within 30 s", (int) Math.floor(share * 100));
        return String.format(
                Locale.ROOT,
                "All is well: %.1f codes a second, %s; %d %s",
                totals.perSecond(),
                inHand,
                instances.size(),
                instances.size() == 1 ? "instance" : "instances");
    }
}
