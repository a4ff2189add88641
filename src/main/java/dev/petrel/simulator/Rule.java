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
 * @param receipts of the messages that this rule takes; null: the provider's
 * @param taken whether the message is taken although the client never hears of it: its handset gets it and receipts
 *     follow as after a healthy answer. With black hole, reset, rubbish, status, HTML 502 and empty 503
 */
public record Rule(
        Mode mode,
        double share,
        @Nullable String country,
        @Nullable Latency latency,
        @Nullable Receipts receipts,
        boolean taken) {
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
        if (taken && !mode.kind().mayHaveTaken()) {
            throw new IllegalArgumentException("taken: goes only with an answer that is lost, not with "
                    + mode.kind().wire());
        }
        if (receipts != null && !taken && !(mode instanceof Mode.Healthy)) {
            throw new IllegalArgumentException("receipts: go only with healthy, or where taken is true");
        }
    }

    public Rule(Mode mode, double share, @Nullable String country, @Nullable Latency latency) {
        this(mode, share, country, latency, null, false);
    }

    public Rule withShare(double newShare) {
        return new Rule(mode, newShare, country, latency, receipts, taken);
    }

    public Rule withLatency(Latency newLatency) {
        return new Rule(mode, share, country, newLatency, receipts, taken);
    }

    /** After {@link #withTaken}, where the mode is not healthy. */
    public Rule withReceipts(Receipts newReceipts) {
        return new Rule(mode, share, country, latency, newReceipts, taken);
    }

    public Rule withTaken(boolean newTaken) {
        return new Rule(mode, share, country, latency, receipts, newTaken);
    }
}
