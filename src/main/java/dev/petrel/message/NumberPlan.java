package dev.petrel.message;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Optional;

/** The world's numbering plans, as libphonenumber knows them. Safe for any thread. */
public final class NumberPlan {
    private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();

    /**
     * The recipient behind an E.164 number, or nothing if no number of that shape is possible. Numbers out of ranges
     * reserved for fiction are possible.
     */
    public Optional<Recipient> recipient(String e164) {
        if (!Msisdn.isE164(e164)) {
            return Optional.empty();
        }
        PhoneNumber number;
        try {
            number = util.parse(e164, null);
        } catch (NumberParseException impossible) {
            return Optional.empty();
        }
        if (!util.isPossibleNumber(number)) {
            return Optional.empty();
        }
        Msisdn msisdn = new Msisdn(e164);
        return Optional.of(
                new Recipient(msisdn, country(number), type(number), msisdn.masked(number.getCountryCode())));
    }

    private String country(PhoneNumber number) {
        String region = util.getRegionCodeForNumber(number);
        // Null where several countries share a calling code and the number is assigned in none of them: the first
        // of them owns the code's plan.
        return region != null ? region : util.getRegionCodeForCountryCode(number.getCountryCode());
    }

    private NumberType type(PhoneNumber number) {
        return NumberType.valueOf(util.getNumberType(number).name());
    }
}
