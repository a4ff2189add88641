package dev.petrel.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The three rules of a reader: what is older than what is known is dropped; half a minute without a heartbeat is down,
 * whatever was said before; of a country that is not told, {@code *} is true.
 *
 * <p>One thread writes, any may read.
 */
final class AvailabilityView {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final String ALL = "*";

    private final Clock clock;
    private final Map<String, Said> said = new ConcurrentHashMap<>();
    private volatile Instant heardAt;
    private boolean anybodyHeard;

    private record Said(Availability availability, Instant at) {}

    AvailabilityView(Clock clock) {
        this.clock = clock;
        this.heardAt = clock.instant();
    }

    /** @param old whether it stood there before we began to listen: it is no younger than it says, then */
    void take(JsonNode state, boolean old) {
        try {
            Instant at = Instant.parse(state.path("at").asText());
            String country = state.path("country").asText();
            Said known = said.get(country);
            if (known != null && at.isBefore(known.at)) {
                return;
            }
            said.put(
                    country,
                    new Said(
                            new Availability(
                                    Availability.State.valueOf(
                                            state.path("state").asText().toUpperCase(Locale.ROOT)),
                                    Optional.of(
                                            Instant.parse(state.path("since").asText())),
                                    Optional.of(state.path("medianSeconds"))
                                            .filter(JsonNode::isNumber)
                                            .map(JsonNode::doubleValue)),
                            at));
            Instant now = clock.instant();
            Instant heard = old && at.isBefore(now) ? at : now;
            if (!anybodyHeard || heard.isAfter(heardAt)) {
                heardAt = heard;
                anybodyHeard = true;
            }
        } catch (DateTimeException | IllegalArgumentException foreign) {
            // from a version that we do not know: as if nobody had spoken
        }
    }

    Availability of(String country) {
        if (clock.instant().isAfter(heardAt.plus(SILENCE))) {
            return new Availability(Availability.State.DOWN, Optional.empty(), Optional.empty());
        }
        Said known = said.getOrDefault(country, said.get(ALL));
        return known == null
                ? new Availability(Availability.State.OK, Optional.empty(), Optional.empty())
                : known.availability;
    }
}
