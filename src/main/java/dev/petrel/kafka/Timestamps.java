package dev.petrel.kafka;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Timestamps as RFC 3339, section 5.6, writes them. Java's own parser takes more than that (no seconds) and less (a leap second). */
public final class Timestamps {
    private static final Pattern RFC_3339 = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:)([0-9]{2})(?:(\\.[0-9]{1,9})[0-9]*)?([Zz]|[+-][0-9]{2}:[0-9]{2})");

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
            Instant instant = local.toInstant(ZoneOffset.of(matcher.group(5).toUpperCase(Locale.ROOT)));
            return leap ? instant.plusSeconds(1) : instant;
        } catch (DateTimeException impossible) {
            return null;
        }
    }
}
