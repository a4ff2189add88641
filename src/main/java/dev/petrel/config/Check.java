package dev.petrel.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with the settings of one record, for its compact constructor: {@code
 * Check.of("petrel.retry").between("backoff", backoff, min, max).done()}.
 */
public final class Check {
    private final String prefix;
    private final List<String> mistakes = new ArrayList<>();

    private Check(String prefix) {
        this.prefix = prefix;
    }

    /** @param prefix the key of the section, without its last dot */
    public static Check of(String prefix) {
        return new Check(prefix);
    }

    public Check between(String key, Duration value, Duration least, Duration most) {
        return that(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                key,
                text(value),
                text(least) + " to " + text(most));
    }

    public Check between(String key, long value, long least, long most) {
        return that(value >= least && value <= most, key, value, least + " to " + most);
    }

    /** @param allowed in words, what would be right */
    public Check that(boolean right, String key, Object value, String allowed) {
        if (!right) {
            mistakes.add(prefix + "." + key + ": is " + value + ", must be " + allowed);
        }
        return this;
    }

    /** @throws InvalidSettings if anything was wrong */
    public void done() {
        if (!mistakes.isEmpty()) {
            throw new InvalidSettings(mistakes);
        }
    }

    private static String text(Duration value) {
        long millis = value.toMillis();
        if (millis % 60_000 == 0 && millis != 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
