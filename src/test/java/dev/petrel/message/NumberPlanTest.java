package dev.petrel.message;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void hasAWordOfOursForEveryTypeOfTheLibrary() {
        for (var type : com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType.values()) {
            assertThat(NumberType.valueOf(type.name()).wire()).isEqualToIgnoringCase(type.name());
        }
    }
}
