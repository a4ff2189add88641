package dev.petrel.provider;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The Retry-After header: whole seconds or a date (RFC 9110, section 10.2.3). */
public final class RetryAfter {
    /** More digits than any wait needs, and few enough for a long. */
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** How long to wait, or null where the header is absent, can't be read or lies in the past. */
    public static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return value.length() > MOST_DIGITS ? null : Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Instant until = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return until.isBefore(now) ? null : Duration.between(now, until);
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
