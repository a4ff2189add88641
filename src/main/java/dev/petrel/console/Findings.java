package dev.petrel.console;

import dev.petrel.console.Board.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is wrong, for somebody who has never seen Petrel: which provider or instance, where, since when, what Petrel does
 * about it, and what he may do. Bad is what users feel; what Petrel copes with is a warning.
 */
final class Findings {
    private Findings() {}

    /** The worst first, and among these who fails before who suffers. */
    static List<Finding> of(Facts facts) {
        List<Finding> findings = new ArrayList<>(new ProviderFindings(facts).all());
        findings.addAll(new ClusterFindings(facts).all());
        findings.sort(Comparator.comparing(Finding::level).reversed()); // stable
        return findings;
    }
}
