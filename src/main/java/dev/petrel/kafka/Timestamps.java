package dev.petrel.kafka;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Timestamps as RFC 3339, section 5.6, writes them. Java's own parser takes more than that (no seconds) and less (a leap second, an offset beyond 18 hours). */
public final class Timestamps {
    private static final Pattern RFC_3339 = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:)([0-9]{2})(?:(\\.[0-9]{1,9})[0-9]*)?(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))");

    private Timestamps() {}

    /** Null where this is no such timestamp. */
    public static @Nullable Instant parse(String text) {
        Matcher matcher = RFC_3339.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        boolean leap = matcher.group(3).equals("60");
        String fraction = matcher.group(4);
        try {
            LocalDateTime local = LocalDateTime.parse(matcher.group(1) + "T" + matcher.group(2)
                    + (leap ? "59" : matcher.group(3)) + (fraction == null ? "" : fraction));
            Instant instant = local.toInstant(ZoneOffset.UTC).minus(offset(matcher));
            return leap ? instant.plusSeconds(1) : instant;
        } catch (DateTimeException impossible) {
            return null;
        }
    }

    private static Duration offset(Matcher matcher) {
        String sign = matcher.group(5);
        if (sign == null) {
            return Duration.ZERO;
        }
        Duration offset =
                Duration.ofHours(Long.parseLong(matcher.group(6))).plusMinutes(Long.parseLong(matcher.group(7)));
        return sign.equals("-") ? offset.negated() : offset;
    }
}
