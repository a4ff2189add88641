package dev.petrel.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.config.InvalidSettings;
import dev.petrel.config.Secret;
import dev.petrel.message.AttemptTicket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallbackTokensTest {
    private static final Instant RECORDED = Instant.parse("2026-11-24T04:05:00.123Z");
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final AttemptTicket USUAL = new AttemptTicket(
            "01JDG7W3V9K6Q2T8",
            3,
            1182,
            "a8XkPq2hT0yW4nZ1",
            2,
            1,
            "sns-eu",
            "US",
            "+1•••••••32",
            RECORDED,
            RECORDED.plusSeconds(300));
    private static final AttemptTicket LONGEST = new AttemptTicket(
            "i".repeat(64),
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            "x".repeat(22),
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            "p".repeat(32),
            "001",
            "+888•••••••32",
            RECORDED,
            RECORDED.plus(Duration.ofDays(1)).plusNanos(999_999));

    private final CallbackTokens tokens = new CallbackTokens(() -> CallbackKeys.parse("k1:" + A), WINDOW);

    static Stream<AttemptTicket> tickets() {
        return Stream.of(
                USUAL,
                LONGEST,
                new AttemptTicket("r", 0, 0, "a", 1, 1, "p", "001", "", Instant.EPOCH, Instant.EPOCH),
                new AttemptTicket("r", 0, 0, "a", 1, 1, "p", "NO", "+47•••••••32", RECORDED, RECORDED.minusSeconds(7)));
    }

    @ParameterizedTest
    @MethodSource("tickets")
    void bringsEveryFieldBack(AttemptTicket ticket) {
        String token = tokens.sign(ticket);

        assertThat(token).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.read(token, ticket.expiresAt())).contains(ticket);
    }

    @Test
    void aUrlIsNeverLongerThan500Characters() {
        CallbackKeys keys = CallbackKeys.parse("abcdefgh:" + A);
        URI longest = URI.create("https://petrel.example/" + "p".repeat(CallbackUrls.LONGEST_PUBLIC_URL - 23));
        CallbackTokens signing = new CallbackTokens(() -> keys, WINDOW);

        URI url = new CallbackUrls(longest, signing).apply(LONGEST);

        assertThat(longest.toString()).hasSize(CallbackUrls.LONGEST_PUBLIC_URL);
        // and what a vendor's adapter puts behind it
        assertThat(url + "#rc=5&rp=all").hasSizeLessThanOrEqualTo(500);
        String token = url.toString().substring(longest.toString().length() + CallbackUrls.PATH.length());
        assertThat(signing.read(token, RECORDED)).contains(LONGEST);
    }

    @Test
    void aSlashAtTheEndOfThePublicUrlDoesNotCount() {
        String token = tokens.sign(USUAL);

        assertThat(new CallbackUrls(URI.create("https://petrel.example/"), tokens).apply(USUAL))
                .isEqualTo(new CallbackUrls(URI.create("https://petrel.example"), tokens).apply(USUAL))
                .isEqualTo(URI.create("https://petrel.example/receipts/" + token));
    }

    @Test
    void isGoodUntilTheWindowAfterTheExpiryHasClosed() {
        String token = tokens.sign(USUAL);
        Instant last = USUAL.expiresAt().plus(WINDOW);

        assertThat(tokens.read(token, last)).isPresent();
        assertThat(tokens.read(token, last.plusMillis(1))).isEmpty();
    }

    @Test
    void refusesWhateverWasChanged() {
        String token = tokens.sign(USUAL);
        for (int i = 0; i < token.length(); i++) {
            for (char other : new char[] {'A', 'B', '_', '=', '+', ' ', '•'}) {
                if (token.charAt(i) != other) {
                    String changed = token.substring(0, i) + other + token.substring(i + 1);
                    assertThat(tokens.read(changed, RECORDED)).as(changed).isEmpty();
                }
            }
            assertThat(tokens.read(token.substring(0, i), RECORDED)).isEmpty();
            assertThat(tokens.read(token.substring(i + 1), RECORDED)).isEmpty();
        }
        assertThat(tokens.read(token + "=", RECORDED)).isEmpty();
        assertThat(tokens.read(token + "A", RECORDED)).isEmpty();
        assertThat(tokens.read("A".repeat(100_000), RECORDED)).isEmpty();
    }

    @Test
    void theFirstKeySignsAndAllVerify() {
        CallbackTokens before = new CallbackTokens(() -> CallbackKeys.parse("k1:" + A), WINDOW);
        CallbackTokens during = new CallbackTokens(() -> CallbackKeys.parse("k2:" + B + ", k1:" + A), WINDOW);
        CallbackTokens after = new CallbackTokens(() -> CallbackKeys.parse("k2:" + B), WINDOW);

        assertThat(during.read(before.sign(USUAL), RECORDED)).isPresent();
        assertThat(after.read(during.sign(USUAL), RECORDED)).isPresent();
        assertThat(before.read(during.sign(USUAL), RECORDED)).isEmpty();
        assertThat(after.read(before.sign(USUAL), RECORDED)).isEmpty();
    }

    @Test
    void keysThatChangeAreFollowed() {
        AtomicReference<CallbackKeys> keys = new AtomicReference<>(CallbackKeys.parse("k1:" + A));
        CallbackTokens following = new CallbackTokens(keys::get, WINDOW);
        String first = following.sign(USUAL);
        keys.set(CallbackKeys.parse("k2:" + B + ", k1:" + A));
        String second = following.sign(USUAL);
        assertThat(following.read(first, RECORDED)).isPresent();
        keys.set(CallbackKeys.parse("k2:" + B));

        assertThat(following.read(first, RECORDED)).isEmpty();
        assertThat(following.read(second, RECORDED)).isPresent();
    }

    @Test
    void anotherSecretUnderTheSameIdIsAnotherKey() {
        assertThat(new CallbackTokens(() -> CallbackKeys.parse("k1:" + B), WINDOW).read(tokens.sign(USUAL), RECORDED))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "k1",
                "k1:short",
                "K1:SECRET",
                "toolongid:SECRET",
                ":SECRET",
                "a:SECRET,a:SECRET",
                "a:SECRET,"
            })
    void refusesKeysThatCantBeWithoutShowingThem(String keys) {
        String text = keys.replace("SECRET", "000000-secret-of-nobody-000000-000000");

        assertThatThrownBy(() -> CallbackKeys.parse(text))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("petrel.receipts.keys: ")
                .hasMessageNotContaining("nobody");
    }

    @Test
    void keysPrintAsStars() {
        assertThat(new CallbackKeys(List.of(new CallbackKeys.Key("k1", new Secret(A)))).toString())
                .contains("k1")
                .doesNotContain(A);
    }
}
