package dev.petrel.message;

import java.util.Locale;

/** What a number is for, by the numbering plan of its country. The names in lower case are the settings' words. */
public enum NumberType {
    MOBILE,
    FIXED_LINE,
    FIXED_LINE_OR_MOBILE,
    TOLL_FREE,
    PREMIUM_RATE,
    SHARED_COST,
    VOIP,
    PERSONAL_NUMBER,
    PAGER,
    UAN,
    VOICEMAIL,
    UNKNOWN;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
