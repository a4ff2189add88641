package dev.petrel.console;

import dev.petrel.availability.CountryState;
import dev.petrel.message.ReasonClass;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole cluster at one instant, as the page shows it. Counts are of the last minute, the matrix shows who was used
 * within 15 minutes.
 *
 * @param reading what is missing of it yet, in words; null: nothing
 * @param countries as availability has them
 * @param unowned request partitions that no instance owns
 * @param decisions the latest first
 */
public record Board(
        Instant at,
        @Nullable String reading,
        Verdict verdict,
        List<Finding> findings,
        List<CountryState> countries,
        List<Provider> providers,
        List<Cell> cells,
        Series series,
        Totals totals,
        List<Decision> decisions,
        List<Instance> instances,
        int partitions,
        List<Integer> unowned) {

    /** How bad it is. The names in lower case are the words of the page. */
    public enum Level {
        OK,
        /** Something is wrong, and the codes arrive. */
        WARN,
        /** Codes are late or lost. */
        BAD
    }

    /** All of it in a sentence. */
    public record Verdict(Level level, String words) {}

    /**
     * Something that is wrong.
     *
     * @param key stays the same while it lasts
     * @param since null: not known
     * @param done what Petrel does about it
     * @param may what an operator can do
     * @param drain the provider that may be drained; null: none
     * @param country where; null: everywhere, or nowhere in particular
     * @param page its heading in docs/operations.md
     */
    public record Finding(
            String key,
            Level level,
            String title,
            @Nullable Instant since,
            String what,
            String done,
            List<String> may,
            @Nullable String drain,
            @Nullable String country,
            String page) {}

    /**
     * @param breaker its state on all instances, or {@code mixed}
     * @param openAt the instances where it is open
     * @param instances how many of them speak of it
     * @param since when the first of them last saw it closed; null: it is
     * @param shut why new codes pass it over, on one instance at least; null: they do not
     */
    public record Provider(
            String provider,
            String breaker,
            List<String> openAt,
            int instances,
            @Nullable Instant since,
            @Nullable String shut,
            @Nullable Instant restingUntil,
            int inFlight,
            int failureRate) {}

    /** How a provider does in a country. The names in lower case are the words of the page. */
    public enum Health {
        /** Too few codes to tell. */
        QUIET,
        OK,
        SLOW,
        /** Nobody is sent there, since an operator wants it so or since it asked for a rest. */
        OUT,
        /** It takes them, and they do not arrive. */
        SILENT,
        /** It does not take them. */
        FAILING
    }

    /**
     * A provider in a country.
     *
     * @param why what most failures have in common; null: it does not fail, or is only passed over
     * @param receipts whether any came within the minute, or one is overdue
     * @param undelivered a receipt said no, or none came in time
     * @param answerP50 seconds until the provider answered; null: it did not
     * @param inHandP50 seconds from the request to the handset
     * @param share of what the country's providers took; null: they took nothing
     * @param since when it came to be so; null: not known, or it is well
     */
    public record Cell(
            String provider,
            String country,
            Health health,
            String words,
            @Nullable ReasonClass why,
            int attempts,
            int taken,
            boolean receipts,
            int delivered,
            int undelivered,
            @Nullable Double answerP50,
            @Nullable Double answerP95,
            @Nullable Double inHandP50,
            @Nullable Double inHandP95,
            @Nullable Double share,
            @Nullable Instant since) {
        public String key() {
            return provider + "/" + country;
        }
    }

    /**
     * The last 15 minutes, in steps; the last one is still filling.
     *
     * @param requests that were begun, by when they were made
     * @param inHand delivered, or taken by one that gives no receipts
     * @param failed failed, expired or unconfirmed
     * @param p50 seconds from the request into the hand; null where none came
     */
    public record Series(
            int stepSeconds,
            Instant begin,
            List<Integer> requests,
            List<Integer> inHand,
            List<Integer> failed,
            List<@Nullable Double> p50,
            List<@Nullable Double> p95) {}

    /**
     * @param perSecond requests begun, over the last half minute or so
     * @param waiting requests that wait for a receipt and for nothing else
     */
    public record Totals(double perSecond, long lag, long held, long inFlight, long waiting) {}

    /**
     * What Petrel did for one reason, from its first code to its last.
     *
     * @param from who was passed over, or did not do it; null: nobody was there
     * @param to who was asked instead; null: nobody
     * @param why {@code skipped.reason}, {@code reason.class} or {@code silence}
     * @param over whether the last one is half a minute ago
     */
    public record Decision(
            String key,
            Instant at,
            Instant last,
            String country,
            @Nullable String from,
            @Nullable String to,
            String why,
            String words,
            long codes,
            boolean over) {}

    /** The names in lower case are the words of the page. */
    public enum State {
        OK,
        NOT_READY,
        /** Its line is too old: it was killed, frozen or cut off from Kafka. */
        LATE
    }

    public record Instance(InstanceLine line, State state) {}
}
