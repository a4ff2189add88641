package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.testing.Requests;
import dev.petrel.testing.WireSamples;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final Source SOURCE = new Source("sms.requests", 3, 1182);
    private static final String ID = "01JDG7W3V9K6Q2T8";

    private final RequestCodec codec =
            new RequestCodec(Requests.NUMBERS, new RequestConfig(Duration.ofMinutes(5), Duration.ofMinutes(10)));

    @ParameterizedTest
    @MethodSource
    void takesGoodSamplesAndSoDoesTheSchema(String name) {
        byte[] sample = WireSamples.sample(name);
        assertThat(decode(sample)).isInstanceOf(Decoded.Request.class);
        assertThat(WireSamples.faultsOfRequest(new String(sample, UTF_8))).isEmpty();
    }

    static List<String> takesGoodSamplesAndSoDoesTheSchema() {
        return WireSamples.names("request.good.");
    }

    @ParameterizedTest
    @MethodSource
    void namesTheFieldOfBadSamplesAndTheSchemaRefusesThemToo(String name) {
        byte[] sample = WireSamples.sample(name);
        assertThat(malformed(sample).field()).isEqualTo(name.split("\\.")[2]);
        assertThat(WireSamples.faultsOfRequest(new String(sample, UTF_8))).isNotEmpty();
    }

    static List<String> namesTheFieldOfBadSamplesAndTheSchemaRefusesThemToo() {
        return WireSamples.names("request.bad.");
    }

    @ParameterizedTest
    @MethodSource
    void namesTheFieldWhereTheRuleIsBeyondTheSchema(String name) {
        byte[] sample = WireSamples.sample(name);
        assertThat(malformed(sample).field()).isEqualTo(name.split("\\.")[2]);
        assertThat(WireSamples.faultsOfRequest(new String(sample, UTF_8))).isEmpty();
    }

    static List<String> namesTheFieldWhereTheRuleIsBeyondTheSchema() {
        return WireSamples.names("request.beyond.");
    }

    @ParameterizedTest
    @MethodSource
    void complainsInItsOwnWordsAndNeverQuotesAValue(String name) {
        Decoded.Malformed bad = malformed(WireSamples.sample(name));
        assertThat(bad.reason().reasonClass()).isEqualTo(ReasonClass.INVALID);
        assertThat(bad.complaint())
                .startsWith(bad.field() + ": ")
                .doesNotContain("000000", "2025550", "Acme", "twilio", "86400");
        assertThat(bad.toString()).doesNotContain("000000 is", "+12025550123");
    }

    static List<String> complainsInItsOwnWordsAndNeverQuotesAValue() {
        return List.of(WireSamples.names("request.b").toArray(String[]::new));
    }

    @Test
    void readsEveryField() {
        SendRequest request = request(WireSamples.sample("request.good.full"), NOW.toEpochMilli());
        assertThat(request)
                .isEqualTo(new SendRequest(
                        ID,
                        Requests.NUMBERS.recipient("+12025550123").orElseThrow(),
                        "000000 is your Acme code.\n\n@acme.example #000000",
                        NOW,
                        NOW.plusSeconds(300),
                        "login",
                        "web",
                        "Acme",
                        "01JDG7W1A4M3N5P7",
                        List.of("twilio-main", "sns-eu"),
                        SOURCE,
                        null));
    }

    @Test
    void countsTheLifeFromTheTimestampOfTheRecord() {
        Instant recorded = NOW.minusSeconds(100);
        SendRequest request = request(WireSamples.sample("request.good.smallest"), recorded.toEpochMilli());
        assertThat(request.recordedAt()).isEqualTo(recorded);
        assertThat(request.expiresAt()).isEqualTo(recorded.plus(Duration.ofMinutes(5)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1_795_493_100_001L})
    void countsTheLifeFromNowWhereTheTimestampIsInTheFutureOrMissing(long timestamp) {
        SendRequest request = request(WireSamples.sample("request.good.smallest"), timestamp);
        assertThat(request.recordedAt()).isEqualTo(NOW);
        assertThat(request.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(5)));
    }

    @Test
    void cutsALongLifeToTheLongest() {
        SendRequest request = request(WireSamples.sample("request.good.lifetime-is-cut"), NOW.toEpochMilli());
        assertThat(request.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        SendRequest other = request(with("\"expiresAt\":\"2027-11-24T04:05:00Z\""), NOW.toEpochMilli());
        assertThat(other.expiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
    }

    @Test
    void takesAnExpiryInThePastForTheGuardToEnd() {
        SendRequest request = request(WireSamples.sample("request.good.expires-in-the-past"), NOW.toEpochMilli());
        assertThat(request.expiresAt()).isEqualTo(Instant.parse("2026-11-24T04:00:00Z"));
    }

    @Test
    void keepsTheIdWhereItCanBeReadSoThatTheRejectionCanBeTold() {
        Decoded.Malformed bad = malformed(
                bytes("{\"text\":7,\"tenant\":\"web\",\"purpose\":\"LOGIN\",\"to\":\"+12025550123\",\"requestId\":\""
                        + ID + "\"}"));
        assertThat(bad.requestId()).isEqualTo(ID);
        assertThat(bad.field()).isEqualTo("text");
        assertThat(bad.to())
                .isEqualTo(Requests.NUMBERS.recipient("+12025550123").orElseThrow());
        assertThat(bad.tenant()).isEqualTo("web");
        assertThat(bad.purpose()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requestId\":\"12025550123\",\"to\":\"+12025550123\",\"text\":\"000000\"}",
                "{\"requestId\":\"a-1.202.555.0123:b\",\"to\":\"+12025550123\",\"text\":\"000000\"}",
                "{\"requestId\":\"a-2025550123\",\"to\":\"202-555-0123\",\"text\":\"000000\"}",
                "{\"requestId\":\"a-2025550123\",\"to\":2025550123,\"text\":\"000000\"}",
                "{\"requestId\":\"a\",\"requestId\":\"b\",\"to\":\"+12025550123\",\"text\":\"000000\"}",
                "{\"requestId\":\"a-12025550123\",\"to\":\"+12025550123\",\"to\":\"+447700900123\",\"text\":\"000000\"}",
                "{\"requestId\":\"a\",\"to\":\"+12025550123\",\"text\":\"000000\"",
                "{\"requestId\":\"a b\",\"to\":\"+12025550123\",\"text\":\"000000\"}"
            })
    void givesNoIdWhereItTellsTheNumberOrIsNone(String json) {
        assertThat(malformed(bytes(json)).requestId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{}}",
                "{} {}",
                "nothing",
                "{\"requestId\":\"a\",}",
                "{'requestId':'a'}",
                "{\"requestId\":\"\u0001\"}",
                "\uFEFF{}",
                "{\"providers\":[\"a\",1",
                "{\"providers\":[1,{\"a\":",
                "{\"lifetimeSeconds\":0x10}",
                "{\"lifetimeSeconds\":NaN}"
            })
    void refusesWhatIsNoObject(String json) {
        assertThat(malformed(bytes(json)).field()).isEqualTo("value");
    }

    @Test
    void refusesATombstone() {
        Decoded decoded = codec.decode(null, NOW.toEpochMilli(), SOURCE, NOW);
        assertThat(((Decoded.Malformed) decoded).field()).isEqualTo("value");
    }

    @Test
    void refusesOtherEncodings() {
        String good = new String(WireSamples.sample("request.good.full"), UTF_8);
        for (Charset charset : List.of(UTF_16BE, UTF_16LE, Charset.forName("UTF-32"))) {
            assertThat(malformed(good.getBytes(charset)).field()).isEqualTo("value");
        }
        byte[] latin = with("\"note\":\"\u00e9\"", Charset.forName("ISO-8859-1"));
        assertThat(malformed(latin).field()).isEqualTo("value");
        byte[] overlong = with("\"note\":\"??\"", UTF_8);
        for (int i = 0; i < overlong.length; i++) {
            if (overlong[i] == '?') {
                overlong[i] = (byte) (overlong[i + 1] == '?' ? 0xc0 : 0x80);
            }
        }
        assertThat(malformed(overlong).field()).isEqualTo("value");
    }

    @Test
    void refusesWhatIsMadeToHurt() {
        assertThat(malformed(with("\"note\":" + "[".repeat(100_000) + "]".repeat(100_000)))
                        .field())
                .isEqualTo("value");
        assertThat(malformed(with("\"note\":" + "9".repeat(100_000))).field()).isEqualTo("value");
        assertThat(malformed(bytes("{\"lifetimeSeconds\":1e999999999}")).field())
                .isEqualTo("requestId");
    }

    @Test
    void takesRecordsLargerThanItsBuffer() {
        assertThat(decode(with("\"note\":\"" + "x".repeat(200_000) + "\""))).isInstanceOf(Decoded.Request.class);
        assertThat(decode(WireSamples.sample("request.good.full"))).isInstanceOf(Decoded.Request.class);
    }

    @Test
    void answersWhateverTheBytesAre() {
        long seed = new Random().nextLong();
        System.out.println("RequestCodecTest: seed " + seed);
        Random random = new Random(seed);
        byte[] good = WireSamples.sample("request.good.full");
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(decode(bytes)).isNotNull();
        }
    }

    private Decoded decode(byte[] value) {
        return codec.decode(value, NOW.toEpochMilli(), SOURCE, NOW);
    }

    private Decoded.Malformed malformed(byte[] value) {
        Decoded decoded = decode(value);
        assertThat(decoded).isInstanceOf(Decoded.Malformed.class);
        return (Decoded.Malformed) decoded;
    }

    private SendRequest request(byte[] value, long timestamp) {
        Decoded decoded = codec.decode(value, timestamp, SOURCE, NOW);
        assertThat(decoded).isInstanceOf(Decoded.Request.class);
        return ((Decoded.Request) decoded).request();
    }

    private static byte[] with(String field) {
        return with(field, UTF_8);
    }

    private static byte[] with(String field, Charset charset) {
        return ("{\"requestId\":\"" + ID + "\",\"to\":\"+12025550123\",\"text\":\"000000\"," + field + "}")
                .getBytes(charset);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
