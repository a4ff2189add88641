package dev.petrel.provider.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.config.Secret;
import dev.petrel.message.DeliveryReceipt;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.provider.ReceiptReader.Call;
import dev.petrel.provider.ReceiptReader.Reading;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioReceiptsTest {
    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final String TOKEN = "12345";
    private static final String URL = "https://petrel.example/receipts/abc";
    private static final String SID = "SM00000000000000000000000000000001";

    private final TwilioReceipts receipts = new TwilioReceipts(config(Map.of()));

    @ParameterizedTest
    @CsvSource({
        "queued, ACCEPTED",
        "accepted, ACCEPTED",
        "scheduled, ACCEPTED",
        "sending, ACCEPTED",
        "sent, ENROUTE",
        "delivered, DELIVERED",
        "read, DELIVERED",
        "undelivered, UNDELIVERABLE",
        "failed, REJECTED",
        "canceled, DELETED",
        "partially_delivered, UNKNOWN",
        "DELIVERED, UNKNOWN"
    })
    void knowsTheStatus(String status, ReceiptState expected) {
        DeliveryReceipt receipt = receipt(receipts, status, null);

        assertThat(receipt.state()).isEqualTo(expected);
        if (expected.bad()) {
            assertThat(receipt.reason().reasonClass()).isEqualTo(ReasonClass.UNAVAILABLE);
            assertThat(receipt.reason().code()).isNull();
        } else {
            assertThat(receipt.reason()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "30005, RECIPIENT_INVALID",
        "30003, RECIPIENT_UNREACHABLE",
        "30006, NO_ROUTE",
        "30004, FILTERED",
        "30007, FILTERED",
        "30002, PROVIDER_FAULT",
        "30018, PROVIDER_FAULT",
        "30024, PROVIDER_FAULT",
        "30032, PROVIDER_FAULT",
        "30034, PROVIDER_FAULT",
        "30001, THROTTLED",
        "30022, THROTTLED",
        "30023, THROTTLED",
        "30027, THROTTLED",
        "30008, UNAVAILABLE",
        "30017, UNAVAILABLE",
        "30450, FRAUD_BLOCKED",
        "30453, FRAUD_BLOCKED",
        "60410, FRAUD_BLOCKED",
        "21408, GEO_BLOCKED",
        "60605, GEO_BLOCKED",
        "60220, GEO_BLOCKED",
        "21610, OPTED_OUT",
        "30999, UNAVAILABLE"
    })
    void knowsTheCode(String code, ReasonClass expected) {
        for (String status : List.of("undelivered", "failed")) {
            DeliveryReceipt receipt = receipt(receipts, status, code);
            assertThat(receipt.reason().reasonClass()).isEqualTo(expected);
            assertThat(receipt.reason().code()).isEqualTo(code);
            assertThat(receipt.reason().detail()).isNotBlank();
            assertThat(receipt.state()).isIn(ReceiptState.UNDELIVERABLE, ReceiptState.REJECTED);
        }
        assertThat(receipt(receipts, "delivered", code).reason()).isNull();
    }

    @Test
    void aValidityPeriodThatEndedIsAStateOfItsOwn() {
        DeliveryReceipt receipt = receipt(receipts, "undelivered", "30036");

        assertThat(receipt.state()).isEqualTo(ReceiptState.EXPIRED);
        assertThat(receipt.reason().reasonClass()).isEqualTo(ReasonClass.UNAVAILABLE);
    }

    @Test
    void givesEachCodeOneMeaning() {
        List<String> codes =
                TwilioErrors.RECEIPTS.values().stream().flatMap(Set::stream).toList();
        assertThat(codes).doesNotHaveDuplicates().hasSize(23);
    }

    @Test
    void theSettingsWin() {
        TwilioReceipts extended = new TwilioReceipts(
                config(Map.of("30999", ReasonClass.FILTERED, "30003", ReasonClass.RECIPIENT_INVALID)));

        assertThat(receipt(extended, "undelivered", "30999").reason().reasonClass())
                .isEqualTo(ReasonClass.FILTERED);
        assertThat(receipt(extended, "undelivered", "30003").reason().reasonClass())
                .isEqualTo(ReasonClass.RECIPIENT_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"to +14155550132", "4155550132", "", "30003 +14155550132"})
    void whatIsNoCodeIsNotPassedOn(String code) {
        assertThat(receipt(receipts, "failed", code).reason().code()).isNull();
    }

    /** The example of twilio.com/docs/usage/security. */
    @Test
    void verifiesTwiliosOwnExample() {
        Map<String, String> fields = new HashMap<>();
        fields.put("CallSid", "CA1234567890ABCDE");
        fields.put("Caller", "+14158675309");
        fields.put("Digits", "1234");
        fields.put("From", "+14158675309");
        fields.put("To", "+18005551212");
        String url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        String right = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

        assertThat(receipts.isSigned(new Call(url, right, Map.of()), fields)).isTrue();
        assertThat(receipts.isSigned(new Call(url + "3", right, Map.of()), fields))
                .isFalse();
        assertThat(receipts.isSigned(new Call(url, "S" + right.substring(1), Map.of()), fields))
                .isFalse();
        assertThat(signature(url, fields)).isEqualTo(right);
    }

    @Test
    void tellsTheMessageIdWhereItIsOne() {
        Map<String, String> fields = fields("sent");
        assertThat(((Reading.Receipt) read(fields)).messageId()).isEqualTo(SID);

        fields.put("MessageSid", "+14155550132");
        assertThat(((Reading.Receipt) read(fields)).messageId()).isNull();

        fields.remove("MessageSid");
        assertThat(((Reading.Receipt) read(fields)).messageId()).isNull();
    }

    @Test
    void refusesWhatTheAccountHasNotSaid() {
        Map<String, String> fields = fields("delivered");
        String right = signature(URL, fields);

        assertThat(receipts.read(new Call(URL, null, many(fields)))).isInstanceOf(Reading.Forged.class);
        assertThat(receipts.read(new Call(URL, "", many(fields)))).isInstanceOf(Reading.Forged.class);
        assertThat(receipts.read(new Call("https://[", right, many(fields)))).isInstanceOf(Reading.Forged.class);
        assertThat(receipts.read(new Call(URL + "d", right, many(fields)))).isInstanceOf(Reading.Forged.class);
        fields.put("MessageStatus", "failed");
        assertThat(receipts.read(new Call(URL, right, many(fields)))).isInstanceOf(Reading.Forged.class);
    }

    @Test
    void refusesAnotherAccountAndNone() {
        Map<String, String> fields = fields("delivered");
        fields.put("AccountSid", "AC00000000000000000000000000000009");
        assertThat(read(fields)).isInstanceOf(Reading.Forged.class);

        fields.remove("AccountSid");
        assertThat(read(fields)).isInstanceOf(Reading.Forged.class);
    }

    @Test
    void refusesAFieldThatComesTwice() {
        Map<String, String> fields = fields("delivered");
        Map<String, List<String>> twice = new TreeMap<>(many(fields));
        twice.put("MessageStatus", List.of("delivered", "failed"));

        assertThat(receipts.read(new Call(URL, signature(URL, fields), twice))).isInstanceOf(Reading.Forged.class);
    }

    @Test
    void cantReadWhatHasNoStatus() {
        Map<String, String> fields = fields("delivered");
        fields.remove("MessageStatus");

        assertThat(read(fields)).isInstanceOf(Reading.Unreadable.class);
    }

    private Reading read(Map<String, String> fields) {
        return receipts.read(new Call(URL, signature(URL, fields), many(fields)));
    }

    private static DeliveryReceipt receipt(TwilioReceipts receipts, String status, @Nullable String code) {
        Map<String, String> fields = fields(status);
        if (code != null) {
            fields.put("ErrorCode", code);
        }
        return ((Reading.Receipt) receipts.read(new Call(URL, signature(URL, fields), many(fields)))).receipt();
    }

    private static Map<String, String> fields(String status) {
        return new TreeMap<>(
                Map.of("AccountSid", ACCOUNT, "MessageSid", SID, "MessageStatus", status, "To", "+14155550132"));
    }

    private static Map<String, List<String>> many(Map<String, String> fields) {
        return fields.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, field -> List.of(field.getValue())));
    }

    private static String signature(String url, Map<String, String> fields) {
        StringBuilder signed = new StringBuilder(url);
        new TreeMap<>(fields).forEach((name, value) -> signed.append(name).append(value));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(TOKEN.getBytes(UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(signed.toString().getBytes(UTF_8)));
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static TwilioConfig config(Map<String, ReasonClass> errorCodes) {
        return new TwilioConfig(
                "twilio-main",
                ACCOUNT,
                new Secret(TOKEN),
                null,
                "+15005550006",
                TwilioConfig.DEFAULT_BASE_URL,
                10,
                Duration.ofSeconds(3),
                errorCodes);
    }
}
