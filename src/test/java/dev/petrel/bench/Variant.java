package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is compared. */
enum Variant {
    PIPE("bare pipe", "submitted", BarePipe::new),
    TWILIO("twilio", "submitted", place -> new Petrel(place, Petrel.TWILIO)),
    SNS("sns", "submitted", place -> new Petrel(place, Petrel.SNS)),
    BOTH("both", "submitted", place -> new Petrel(place, Petrel.BOTH)),
    PLAIN("plain consumer", "submitted", PlainConsumer::new),
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

    /** Whether it is run with providers that take their time too. */
    boolean meetsSlowProviders() {
        return this == PIPE || this == TWILIO || this == PLAIN;
    }

    Pipeline pipeline(Place place) {
        return pipeline.apply(place);
    }
}
