package dev.petrel.simulator;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One mode and the numbers it is for.
 *
 * @param share of the numbers, above 0 and at most 1. A hash of the number decides, so the same number always gets the
 *     same. Shares of one country (or of no country) stand side by side: 0.1 and then 0.2 are a tenth and another fifth
 * @param country a calling code with plus, for example {@code +44}; null: every country
 * @param latency for this rule's answers; null: the provider's where the mode takes it, else none
 */
public record Rule(
        Mode mode,
        double share,
        @Nullable String country,
        @Nullable Latency latency) {
    private static final Pattern COUNTRY = Pattern.compile("\\+[1-9][0-9]{0,6}");

    public Rule {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share: is " + share + ", must be above 0 and at most 1");
        }
        if (country != null && !COUNTRY.matcher(country).matches()) {
            throw new IllegalArgumentException("country: must be a calling code with plus, such as +44");
        }
        if (mode instanceof Mode.Refuse && (share < 1 || country != null)) {
            throw new IllegalArgumentException(
                    "mode: refuse can't be for some numbers: none is known where nobody connects");
        }
    }

    public Rule withShare(double newShare) {
        return new Rule(mode, newShare, country, latency);
    }

    public Rule withLatency(Latency newLatency) {
        return new Rule(mode, share, country, newLatency);
    }
}
