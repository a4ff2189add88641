package dev.petrel.guarantees.storm;

import dev.petrel.simulator.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to go wrong.
 *
 * @param at since the storm began
 * @param lasts until it is mended, or the replacement is started
 * @param slot of the instance that it is about; -1: of none
 * @param providers that it is about
 * @param mode of the providers; null: it is about none
 */
record Fault(
        Duration at,
        Duration lasts,
        Kind kind,
        int slot,
        List<String> providers,
        @Nullable Mode mode) {
    /** Those of one row come one after the other. */
    enum Row {
        INSTANCES,
        BROKER,
        PROVIDERS
    }

    enum Kind {
        /** SIGTERM, and a replacement. */
        STOP(Row.INSTANCES, true),
        /** SIGKILL, and a replacement. */
        KILL(Row.INSTANCES, false),
        /** SIGSTOP, and SIGCONT. */
        FREEZE(Row.INSTANCES, false),
        /** One more instance for a while. */
        VISIT(Row.INSTANCES, true),
        /** SIGTERM to one while another joins. */
        STOP_IN_JOIN(Row.INSTANCES, true),
        /** Nothing comes through between instance and broker, and connections stay. */
        SILENCE(Row.INSTANCES, false),
        /** Connections between instance and broker are closed, and new ones too. */
        CUT(Row.INSTANCES, false),
        BROKER_RESTART(Row.BROKER, false),
        BROKER_FREEZE(Row.BROKER, false),
        PROVIDERS(Row.PROVIDERS, true);

        private final Row row;
        private final boolean clean;

        Kind(Row row, boolean clean) {
            this.row = row;
            this.clean = clean;
        }

        Row row() {
            return row;
        }

        /** Whether nothing may be sent twice because of it. */
        boolean clean() {
            return clean;
        }

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    static Fault of(Kind kind, int slot, Duration at, Duration lasts) {
        return new Fault(at, lasts, kind, slot, List.of(), null);
    }

    static Fault ofProviders(List<String> providers, Mode mode, Duration at, Duration lasts) {
        return new Fault(at, lasts, Kind.PROVIDERS, -1, providers, mode);
    }

    Row row() {
        return kind.row();
    }

    Duration until() {
        return at.plus(lasts);
    }
}
