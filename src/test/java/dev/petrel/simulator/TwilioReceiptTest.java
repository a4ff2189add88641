package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioReceiptTest {
    private static final String URL = "https://petrel.example/receipts/twilio/1?a=1";

    /** The example of twilio.com/docs/usage/security. */
    @Test
    void signsAsTwilioShowsIt() {
        Map<String, String> fields = Map.of(
                "CallSid", "CA1234567890ABCDE",
                "Caller", "+14158675309",
                "Digits", "1234",
                "From", "+14158675309",
                "To", "+18005551212");

        assertThat(TwilioReceipt.signature(
                        "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", new TreeMap<>(fields)))
                .isEqualTo("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "#rc=0, 0", "#rc=3, 3", "#rc=5&rp=all, 5", "#rp=all&rc=2, 2", "#rc=9, 5", "#rc=x, 1", "#, 1"})
    void keepsTheFragmentToItself(String fragment, int retries) {
        TwilioReceipt plain = receipt(URL, "token");
        TwilioReceipt receipt = receipt(URL + fragment, "token");

        assertThat(receipt.url()).isEqualTo(URL);
        assertThat(receipt.signature()).isNotNull().isEqualTo(plain.signature());
        assertThat(receipt.retries()).isEqualTo(retries);
    }

    @Test
    void signsNothingForWhoShowedNoPassword() {
        assertThat(receipt(URL, null).signature()).isNull();
        assertThat(receipt(URL, "").signature()).isNull();
    }

    @Test
    void needsAUrl() {
        assertThatThrownBy(() -> assertThat(receipt(null, "token")).isNull())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("StatusCallback")
                .hasMessageNotContainingAny("+14155550132", "token");
    }

    private static TwilioReceipt receipt(@Nullable String url, @Nullable String authToken) {
        Call.Reading reading = new Call.Reading(Vendor.TWILIO, 42, 1, 0, 0, new Account(Client.ACCOUNT, authToken));
        return TwilioReceipt.of(
                new Call(reading, "+14155550132", "000000", "+15005550006", url, 0, 0), "delivered", null);
    }
}
