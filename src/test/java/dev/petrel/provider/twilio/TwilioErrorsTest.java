package dev.petrel.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioErrorsTest {
    private final ErrorTable table = TwilioErrors.table(Map.of());

    @ParameterizedTest
    @CsvSource({
        "21211, RECIPIENT_INVALID",
        "21217, RECIPIENT_INVALID",
        "21614, RECIPIENT_INVALID",
        "60205, RECIPIENT_INVALID",
        "21214, RECIPIENT_UNREACHABLE",
        "21610, OPTED_OUT",
        "21602, CONTENT",
        "21617, CONTENT",
        "21609, BAD_REQUEST",
        "20001, BAD_REQUEST",
        "60200, BAD_REQUEST",
        "30012, BAD_REQUEST",
        "21612, NO_ROUTE",
        "30450, FRAUD_BLOCKED",
        "30453, FRAUD_BLOCKED",
        "60410, FRAUD_BLOCKED",
        "21408, GEO_BLOCKED",
        "60605, GEO_BLOCKED",
        "60220, GEO_BLOCKED",
        "21212, SENDER_REFUSED",
        "21603, SENDER_REFUSED",
        "21606, SENDER_REFUSED",
        "21608, PROVIDER_FAULT",
        "20003, PROVIDER_FAULT",
        "10001, PROVIDER_FAULT",
        "20005, PROVIDER_FAULT",
        "20008, PROVIDER_FAULT",
        "20404, PROVIDER_FAULT",
        "21703, PROVIDER_FAULT",
        "21704, PROVIDER_FAULT",
        "21705, PROVIDER_FAULT",
        "20429, THROTTLED",
        "21611, THROTTLED",
        "30410, AMBIGUOUS"
    })
    void knowsTheCode(String code, ReasonClass expected) {
        // 404 alone would be a bad request: what is seen here comes from the table.
        assertThat(table.classOf(code, expected == ReasonClass.BAD_REQUEST ? 403 : 404))
                .isEqualTo(expected);
    }

    @Test
    void givesEachCodeOneMeaning() {
        List<String> codes = TwilioErrors.ALL.values().stream()
                .flatMap(java.util.Set::stream)
                .toList();
        assertThat(codes).doesNotHaveDuplicates().hasSize(34);
    }

    @Test
    void letsTheSettingsAddAndOverrule() {
        ErrorTable extended =
                TwilioErrors.table(Map.of("31999", ReasonClass.FILTERED, "21612", ReasonClass.RECIPIENT_UNREACHABLE));
        assertThat(extended.classOf("31999", 400)).isEqualTo(ReasonClass.FILTERED);
        assertThat(extended.classOf("21612", 400)).isEqualTo(ReasonClass.RECIPIENT_UNREACHABLE);
        assertThat(extended.classOf("21610", 400)).isEqualTo(ReasonClass.OPTED_OUT);
    }
}
