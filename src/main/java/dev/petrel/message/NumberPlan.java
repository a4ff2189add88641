package dev.petrel.message;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.metadata.DefaultMetadataDependenciesProvider;
import com.google.i18n.phonenumbers.metadata.source.MetadataSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The world's numbering plans, as libphonenumber knows them. Not safe for several threads.
 *
 * <p>The library reads whatever people write and asks for each answer anew. What is written in E.164 is looked up in its
 * rules here, once for all answers, which costs a fifth; what may hold a national prefix, and numbers of no country, go
 * to the library itself. A test holds both ways together.
 */
public final class NumberPlan {
    private static final int LONGEST_CALLING_CODE = 3;

    private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();
    private final Set<Integer> callingCodes = util.getSupportedCallingCodes();
    private final MetadataSource plans =
            DefaultMetadataDependenciesProvider.getInstance().getPhoneNumberMetadataSource();
    /** By calling code the countries that share it, the one that owns it first; none where it belongs to no country. */
    private final Map<Integer, List<CountryPlan>> byCallingCode = new HashMap<>();

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
            if (callingCodes.contains(callingCode)) {
                return recipient(e164, callingCode, e164.substring(1 + length));
            }
        }
        return Optional.empty();
    }

    private Optional<Recipient> recipient(String e164, int callingCode, String national) {
        List<CountryPlan> countries = byCallingCode.computeIfAbsent(callingCode, this::countries);
        if (countries.isEmpty() || countries.get(0).mayHavePrefix(national)) {
            return byLibrary(e164);
        }
        // Where several countries share a calling code and the number is assigned in none of them: the first of them
        // owns the code's plan.
        CountryPlan first = countries.get(0);
        if (!first.hasLengthOf(national)) {
            return Optional.empty();
        }
        for (CountryPlan country : countries) {
            boolean leads = country.leads(national);
            NumberType type = leads || !country.knownByLeadingDigits() ? country.type(national) : NumberType.UNKNOWN;
            if (leads || type != NumberType.UNKNOWN) {
                return Optional.of(recipient(e164, callingCode, country.country(), type));
            }
        }
        return Optional.of(recipient(e164, callingCode, first.country(), NumberType.UNKNOWN));
    }

    private static Recipient recipient(String e164, int callingCode, String country, NumberType type) {
        Msisdn msisdn = new Msisdn(e164);
        return new Recipient(msisdn, country, type, msisdn.masked(callingCode));
    }

    private List<CountryPlan> countries(int callingCode) {
        return util.getRegionCodesForCountryCode(callingCode).stream()
                .filter(region -> !region.equals(PhoneNumberUtil.REGION_CODE_FOR_NON_GEO_ENTITY))
                .map(region -> new CountryPlan(region, plan(region)))
                .toList();
    }

    private PhoneMetadata plan(String region) {
        PhoneMetadata plan = plans.getMetadataForRegion(region);
        if (plan == null) {
            throw new IllegalStateException("libphonenumber has no plan of " + region);
        }
        return plan;
    }

    private Optional<Recipient> byLibrary(String e164) {
        PhoneNumber number;
        try {
            number = util.parse(e164, null);
        } catch (NumberParseException impossible) {
            return Optional.empty();
        }
        if (!util.isPossibleNumber(number)) {
            return Optional.empty();
        }
        String region = util.getRegionCodeForNumber(number);
        String country = region != null ? region : util.getRegionCodeForCountryCode(number.getCountryCode());
        NumberType type = NumberType.valueOf(util.getNumberType(number).name());
        return Optional.of(recipient(e164, number.getCountryCode(), country, type));
    }
}
