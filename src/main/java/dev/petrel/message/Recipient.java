package dev.petrel.message;

/**
 * Whom a code is for, and what the numbering plan says of that number.
 *
 * @param country ISO 3166 code of two letters, or {@code 001} where a number belongs to no country
 * @param masked what may be shown of the number, for example {@code +1•••••••32}
 */
public record Recipient(Msisdn msisdn, String country, NumberType type, String masked) {}
