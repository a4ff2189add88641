package dev.petrel.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberPlanTest {
    private final NumberPlan plan = new NumberPlan();

    @ParameterizedTest
    @CsvSource({
        "+14155550132, US, +1•••••••32",
        "+12025550123, US, +1•••••••23",
        "+447700900123, GB, +44•••••••23",
        "+33199001234, FR, +33•••••••34",
        "+61491570006, AU, +61•••••••06",
        "+15005550006, US, +1•••••••06"
    })
    void knowsTheCountryOfNumbersReservedForFiction(String e164, String country, String masked) {
        Recipient recipient = plan.recipient(e164).orElseThrow();

        assertThat(recipient.country()).isEqualTo(country);
        assertThat(recipient.masked()).isEqualTo(masked);
        assertThat(recipient.toString()).doesNotContain(e164.substring(1, e164.length() - 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "14155550132",
                "+1",
                "+1415555",
                "+0123456789",
                "+99912345678",
                "+1415555013a",
                "+141555501321234"
            })
    void refusesWhatCantBeANumber(String e164) {
        assertThat(plan.recipient(e164)).isEmpty();
    }

    @Test
    void knowsPremiumNumbers() {
        assertThat(plan.recipient("+449098790123").orElseThrow().type()).isEqualTo(NumberType.PREMIUM_RATE);
    }

    /** Every calling code, and of each the examples of every type, those with one digit changed, and what is drawn. */
    @Test
    void agreesWithTheLibrary() {
        PhoneNumberUtil library = PhoneNumberUtil.getInstance();
        Random random = new Random(1);
        List<String> numbers = new ArrayList<>();
        for (int code : library.getSupportedCallingCodes()) {
            for (int i = 0; i < 60; i++) {
                int digits = 4 + random.nextInt(9);
                numbers.add("+" + code + random.nextLong((long) Math.pow(10, digits)));
                numbers.add("+" + code + "0" + random.nextLong((long) Math.pow(10, digits)));
            }
        }
        for (String region : library.getSupportedRegions()) {
            for (PhoneNumberType type : PhoneNumberType.values()) {
                PhoneNumber example = library.getExampleNumberForType(region, type);
                for (int i = 0; example != null && i < 20; i++) {
                    StringBuilder number = new StringBuilder(library.format(example, PhoneNumberFormat.E164));
                    number.setCharAt(1 + random.nextInt(number.length() - 1), (char) ('0' + random.nextInt(10)));
                    numbers.add(number.toString());
                }
            }
        }

        assertThat(numbers)
                .hasSizeGreaterThan(40_000)
                .allSatisfy(
                        number -> assertThat(plan.recipient(number)).as(number).isEqualTo(byLibrary(library, number)));
    }

    private static Optional<Recipient> byLibrary(PhoneNumberUtil library, String e164) {
        PhoneNumber number;
        try {
            number = library.parse(e164, null);
        } catch (NumberParseException impossible) {
            return Optional.empty();
        }
        if (!Msisdn.isE164(e164) || !library.isPossibleNumber(number)) {
            return Optional.empty();
        }
        String region = library.getRegionCodeForNumber(number);
        Msisdn msisdn = new Msisdn(e164);
        return Optional.of(new Recipient(
                msisdn,
                region == null ? library.getRegionCodeForCountryCode(number.getCountryCode()) : region,
                NumberType.valueOf(library.getNumberType(number).name()),
                msisdn.masked(number.getCountryCode())));
    }

    @Test
    void hasAWordOfOursForEveryTypeOfTheLibrary() {
        for (var type : PhoneNumberType.values()) {
            assertThat(NumberType.valueOf(type.name()).wire()).isEqualToIgnoringCase(type.name());
        }
    }
}
