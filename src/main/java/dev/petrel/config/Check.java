package dev.petrel.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with the settings of one record, for its compact constructor: {@code
 * Check.of("petrel.retry").between("backoff", backoff, min, max).done()}.
 */
public final class Check {
    /** More of a value than this helps nobody. */
    private static final int SHOWN = 80;

    private final List<String> mistakes = new ArrayList<>();
    private String prefix;

    private Check(String prefix) {
        this.prefix = prefix;
    }

    /** @param prefix the key of the section, without its last dot */
    public static Check of(String prefix) {
        return new Check(prefix);
    }

    /** Goes on with another section, so that the mistakes of both are told together. */
    public Check in(String prefix) {
        this.prefix = prefix;
        return this;
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

    /** As {@link #between(String, long, long, long)}, for a number of bytes. */
    public Check bytesBetween(String key, long value, long least, long most) {
        return that(value >= least && value <= most, key, bytes(value), bytes(least) + " to " + bytes(most));
    }

    /** @param allowed in words, what would be right */
    public Check that(boolean right, String key, Object value, String allowed) {
        if (!right) {
            mistakes.add(mistake(prefix + "." + key, value, allowed));
        }
        return this;
    }

    /** @throws InvalidSettings if anything was wrong */
    public void done() {
        if (!mistakes.isEmpty()) {
            throw new InvalidSettings(mistakes);
        }
    }

    /** One mistake as an operator reads it, on one line whatever the value is. */
    public static String mistake(String key, Object value, String allowed) {
        String shown = String.valueOf(value).replaceAll("\\p{Cntrl}", " ");
        return key + ": is " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + "…" : shown) + ", must be "
                + allowed;
    }

    /** A duration as the settings write it. */
    public static String text(Duration value) {
        long millis = value.toMillis();
        if (millis % 60_000 == 0 && millis != 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static String bytes(long value) {
        if (value >= 1 << 30 && value % (1 << 30) == 0) {
            return (value >> 30) + "GiB";
        }
        if (value >= 1 << 20 && value % (1 << 20) == 0) {
            return (value >> 20) + "MiB";
        }
        return value >= 1 << 10 && value % (1 << 10) == 0 ? (value >> 10) + "KiB" : value + "B";
    }
}
