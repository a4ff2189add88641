package dev.petrel.message;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt or a request ended as it did.
 *
 * @param code the vendor's own code, or an HTTP status; null where there is none
 * @param detail our own words, never the vendor's: theirs quote numbers and texts (P6)
 */
public record Reason(
        ReasonClass reasonClass,
        @Nullable String code,
        @Nullable String detail) {
    public static Reason of(ReasonClass reasonClass, String detail) {
        return new Reason(reasonClass, null, detail);
    }
}
