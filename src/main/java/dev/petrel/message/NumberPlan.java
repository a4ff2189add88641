package dev.petrel.message;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The world's numbering plans, as libphonenumber knows them. Safe for any thread.
 *
 * <p>Two detours of the library are spared, which cost more than all else that is done with a request. It reads whatever
 * people may write: what is a number as it stands is not parsed. And it keeps the latest hundred patterns, which a
 * dozen countries fill, and compiles anew from then on: so each calling code has a library of its own.
 */
public final class NumberPlan {
    private static final int LONGEST_CALLING_CODE = 3;
    private static final Set<Integer> CALLING_CODES =
            PhoneNumberUtil.getInstance().getSupportedCallingCodes();
    private static final Map<Integer, PhoneNumberUtil> LIBRARIES = new ConcurrentHashMap<>();

    /**
     * The recipient behind an E.164 number, or nothing if no number of that shape is possible. Numbers out of ranges
     * reserved for fiction are possible.
     */
    public Optional<Recipient> recipient(String e164) {
        if (!Msisdn.isE164(e164)) {
            return Optional.empty();
        }
        int callingCode = 0;
        for (int length = 1; length <= LONGEST_CALLING_CODE; length++) {
            callingCode = callingCode * 10 + e164.charAt(length) - '0';
            if (CALLING_CODES.contains(callingCode)) {
                return recipient(e164, callingCode, e164.substring(1 + length));
            }
        }
        return Optional.empty();
    }

    private static Optional<Recipient> recipient(String e164, int callingCode, String national) {
        PhoneNumberUtil library = LIBRARIES.computeIfAbsent(
                callingCode, first -> PhoneNumberUtil.createInstance(PhoneNumberUtil.class::getResourceAsStream));
        PhoneNumber number = asItStands(callingCode, national);
        PhoneNumberType type = library.getNumberType(number);
        if (type == PhoneNumberType.UNKNOWN) {
            // Perhaps with a prefix that is dialled within the country; perhaps just possible.
            number = parsed(library, e164);
            if (number == null || !library.isPossibleNumber(number)) {
                return Optional.empty();
            }
            type = library.getNumberType(number);
        }
        String region = library.getRegionCodeForNumber(number);
        Msisdn msisdn = new Msisdn(e164);
        return Optional.of(new Recipient(
                msisdn,
                // Null where several countries share a calling code and the number is assigned in none of them: the
                // first of them owns the code's plan.
                region != null ? region : library.getRegionCodeForCountryCode(callingCode),
                NumberType.valueOf(type.name()),
                msisdn.masked(callingCode)));
    }

    /** Zeros in front belong to the number in Italy and some other countries. */
    private static PhoneNumber asItStands(int callingCode, String national) {
        PhoneNumber number = new PhoneNumber().setCountryCode(callingCode);
        int zeros = 0;
        while (zeros < national.length() - 1 && national.charAt(zeros) == '0') {
            zeros++;
        }
        if (zeros > 0) {
            number.setItalianLeadingZero(true).setNumberOfLeadingZeros(zeros);
        }
        return number.setNationalNumber(Long.parseLong(national));
    }

    private static @Nullable PhoneNumber parsed(PhoneNumberUtil library, String e164) {
        try {
            return library.parse(e164, null);
        } catch (NumberParseException impossible) {
            return null;
        }
    }
}
