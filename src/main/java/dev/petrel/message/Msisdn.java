package dev.petrel.message;

import java.util.Objects;

/**
 * A subscriber's number in E.164 form with its plus sign. It masks itself wherever it is printed; only {@link #e164()}
 * gives it whole, and only adapters, the number plan and who asks an instance for a route may ask for that.
 */
public final class Msisdn {
    private static final int FEWEST_DIGITS = 7;
    private static final int MOST_DIGITS = 15;

    private final String e164;

    /** @throws IllegalArgumentException if this is not E.164 with a plus; the message does not hold the value */
    public Msisdn(String e164) {
        if (!isE164(e164)) {
            throw new IllegalArgumentException("not an E.164 number with +");
        }
        this.e164 = e164;
    }

    /** ITU-T E.164, section 6: at most fifteen digits, the first of which is no zero. */
    public static boolean isE164(String value) {
        int digits = value.length() - 1;
        if (digits < FEWEST_DIGITS || digits > MOST_DIGITS || value.charAt(0) != '+' || value.charAt(1) == '0') {
            return false;
        }
        for (int i = 1; i <= digits; i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    public String e164() {
        return e164;
    }

    /**
     * What may be shown of this number: its calling code, a fixed row of dots that hides the length, the last two
     * digits.
     *
     * @param callingCode the country's calling code without plus, for example {@code 44}
     */
    public String masked(int callingCode) {
        return "+" + callingCode + "•••••••" + e164.substring(e164.length() - 2);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Msisdn that && e164.equals(that.e164);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(e164);
    }

    @Override
    public String toString() {
        return "+•••••••" + e164.substring(e164.length() - 2);
    }
}
