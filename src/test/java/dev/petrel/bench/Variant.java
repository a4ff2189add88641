package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is compared. */
enum Variant {
    PIPE("bare pipe", "submitted", BarePipe::new),
    TWILIO("twilio", "submitted", place -> new Petrel(place, Petrel.TWILIO)),
    SNS("sns", "submitted", place -> new Petrel(place, Petrel.SNS)),
    BOTH("both", "submitted", place -> new Petrel(place, Petrel.BOTH)),
    PLAIN("plain consumer", "submitted", place -> new PlainConsumer(place, PlainConsumer.THREADS)),
    /** As wide as what Petrel has in flight. */
    PLAIN_WIDE("plain, wide", "submitted", place -> new PlainConsumer(place, place.inFlight())),
    RECEIPTS("receipts", "delivered", Petrel::withReceipts),
    CONSOLE("console open", "submitted", Petrel::withConsole),
    /** Not compared: see {@link InFlight}. */
    PATIENT("patient", "submitted", Petrel::patient);

    private final String title;
    private final String outcome;
    private final Function<Place, Pipeline> pipeline;

    Variant(String title, String outcome, Function<Place, Pipeline> pipeline) {
        this.title = title;
        this.outcome = outcome;
        this.pipeline = pipeline;
    }

    /** As it stands on the command line and in the file of results. */
    @JsonValue
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Variant of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    static List<Variant> compared() {
        return Stream.of(values()).filter(variant -> variant != PATIENT).toList();
    }

    String title() {
        return title;
    }

    /** The final status that a request comes to while nothing goes wrong. */
    String outcome() {
        return outcome;
    }

    /** Whether it is run with providers that take so long. At 0 ms more threads would only share the same cores. */
    boolean meets(int latencyMillis) {
        return switch (this) {
            case TWILIO, PLAIN -> true;
            case PLAIN_WIDE -> latencyMillis > 0;
            default -> latencyMillis == 0;
        };
    }

    /** Whether it takes part in this round: the second plain consumer in every other one is enough. */
    boolean hasTurn(int round) {
        return this != PLAIN_WIDE || round % 2 == 1;
    }

    /** The threads that wait for providers; null where none does. */
    @Nullable
    Integer poolThreads(int inFlight) {
        return switch (this) {
            case PLAIN -> PlainConsumer.THREADS;
            case PLAIN_WIDE -> inFlight;
            default -> null;
        };
    }

    Pipeline pipeline(Place place) {
        return pipeline.apply(place);
    }
}
