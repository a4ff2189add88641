package dev.petrel.provider;

import static dev.petrel.message.ReasonClass.AMBIGUOUS;
import static dev.petrel.message.ReasonClass.BAD_REQUEST;
import static dev.petrel.message.ReasonClass.FILTERED;
import static dev.petrel.message.ReasonClass.PROVIDER_FAULT;
import static dev.petrel.message.ReasonClass.SENDER_REFUSED;
import static dev.petrel.message.ReasonClass.SERVER_ERROR;
import static dev.petrel.message.ReasonClass.THROTTLED;
import static dev.petrel.message.ReasonClass.UNAVAILABLE;
import static dev.petrel.provider.FakeVendor.answer;
import static dev.petrel.provider.FakeVendor.half;
import static dev.petrel.provider.FakeVendor.hang;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Msisdn;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every adapter promises, held against each of them through real sockets. */
class SmsProviderContractIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final Duration LONG = Duration.ofSeconds(20);
    /** Enough for a busy machine to get a request out: what hangs is to hang at the vendor. */
    private static final Duration SHORT = Duration.ofMillis(1_500);

    private static final String TO = "+14155550132";
    private static final String TEXT = "000000 is your code";

    private final List<SmsProvider> providers = new ArrayList<>();
    private Vertx vertx;
    private Context context;
    private FakeVendor fake;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        fake = new FakeVendor(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        for (SmsProvider provider : providers) {
            await(provider.close());
            await(provider.close());
        }
        await(vertx.close());
    }

    @ParameterizedTest
    @EnumSource
    void tellsTheIdOfAMessageThatWasTaken(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        fake.replies(answer(200, vendor.accepted()));
        assertThat(submit(provider)).isEqualTo(new SubmitResult.Accepted(vendor.messageId));
        fake.replies(answer(201, vendor.accepted()));
        assertThat(submit(provider)).isEqualTo(new SubmitResult.Accepted(vendor.messageId));
        assertThat(fake.requests()).hasSize(2);
        assertThat(fake.connections()).isEqualTo(1);
    }

    /** Unknown codes and answers without any: the HTTP status decides. */
    @ParameterizedTest
    @CsvSource({
        "TWILIO, 302, UNAVAILABLE, SERVER_ERROR",
        "TWILIO, 400, REJECTED, BAD_REQUEST",
        "TWILIO, 401, REJECTED, PROVIDER_FAULT",
        "TWILIO, 403, REJECTED, PROVIDER_FAULT",
        "TWILIO, 404, REJECTED, BAD_REQUEST",
        "TWILIO, 429, THROTTLED, THROTTLED",
        "TWILIO, 500, UNAVAILABLE, SERVER_ERROR",
        "TWILIO, 502, UNAVAILABLE, SERVER_ERROR",
        "TWILIO, 503, UNAVAILABLE, SERVER_ERROR",
        "SNS, 302, UNAVAILABLE, SERVER_ERROR",
        "SNS, 400, REJECTED, BAD_REQUEST",
        "SNS, 401, REJECTED, PROVIDER_FAULT",
        "SNS, 403, REJECTED, PROVIDER_FAULT",
        "SNS, 404, REJECTED, BAD_REQUEST",
        "SNS, 429, THROTTLED, THROTTLED",
        "SNS, 500, UNAVAILABLE, SERVER_ERROR",
        "SNS, 502, UNAVAILABLE, SERVER_ERROR",
        "SNS, 503, UNAVAILABLE, SERVER_ERROR"
    })
    void makesOneRequestWhateverTheStatus(Vendor vendor, int status, SubmitResult.Kind kind, ReasonClass reasonClass)
            throws Exception {
        for (String body : List.of("", "<html><body>Bad gateway</body></html>", vendor.error("99999", "new to us"))) {
            fake.requests().clear();
            fake.replies(answer(status, body, "Location: /elsewhere"));
            SubmitResult result = submit(provider(vendor, LONG));
            assertResult(result, kind, reasonClass);
            assertThat(result.sent()).isTrue();
            assertThat(reason(result).code()).isEqualTo(body.contains("99999") ? "99999" : "" + status);
            assertThat(fake.requests()).as("requests for " + body).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cannotTellAfterASuccessThatItCannotRead(Vendor vendor) throws Exception {
        for (String body : List.of(
                "",
                "rubbish",
                "{}",
                "<a/>",
                vendor.accepted().replace(vendor.messageId, ""),
                vendor.accepted().replace(vendor.messageId, "no id at all"),
                vendor.accepted().substring(0, 60),
                "x".repeat(HttpPool.MAX_ANSWER + 1))) {
            fake.requests().clear();
            fake.replies(answer(201, body));
            assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
            assertThat(fake.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsRetryAfterWhereTheVendorThrottles(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        fake.replies(answer(429, vendor.error(vendor.throttledCode, "slow down"), "Retry-After: 7"));
        SubmitResult.Throttled seconds = (SubmitResult.Throttled) submit(provider);
        assertThat(seconds.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(seconds.reason().code()).isEqualTo(vendor.throttledCode);
        fake.replies(answer(429, "", "Retry-After: Tue, 24 Nov 2026 04:05:09 GMT"));
        assertThat(((SubmitResult.Throttled) submit(provider)).retryAfter()).isEqualTo(Duration.ofSeconds(9));
        fake.replies(answer(429, ""));
        assertThat(((SubmitResult.Throttled) submit(provider)).retryAfter()).isNull();
        fake.replies(answer(503, vendor.error(vendor.throttledCode, "slow down"), "Retry-After: 3"));
        assertThat(((SubmitResult.Throttled) submit(provider)).retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(fake.requests()).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void holdsBadCredentialsAgainstTheProvider(Vendor vendor) throws Exception {
        fake.replies(answer(403, vendor.error(vendor.credentialsCode, "no such account")));
        assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.REJECTED, PROVIDER_FAULT);
    }

    @ParameterizedTest
    @EnumSource
    void asksWhoseSenderWasRefused(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        fake.replies(answer(400, vendor.error(vendor.senderCode, "Invalid parameter: SenderID Reason: unregistered")));
        assertResult(submit(provider, submission("Acme", 1)), SubmitResult.Kind.REJECTED, SENDER_REFUSED);
        assertResult(submit(provider, submission(null, 1)), SubmitResult.Kind.REJECTED, PROVIDER_FAULT);
    }

    @ParameterizedTest
    @EnumSource
    void learnsNewCodesFromTheSettings(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, fake.uri(), 10, LONG, Map.of("99999", FILTERED));
        fake.replies(answer(400, vendor.error("99999", "new")));
        assertResult(submit(provider), SubmitResult.Kind.REJECTED, FILTERED);
        fake.replies(answer(400, vendor.error("99998", "new")));
        assertResult(submit(provider), SubmitResult.Kind.REJECTED, BAD_REQUEST);
    }

    @ParameterizedTest
    @EnumSource
    void passesOnNothingThatTheVendorSays(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        String quoting = "The number " + TO + " can't get '" + TEXT + "'";
        for (int status : new int[] {201, 400, 403, 429, 500}) {
            fake.replies(answer(status, vendor.error("99999", quoting)));
            assertDiscreet(submit(provider));
            fake.replies(answer(status, vendor.error("14155550132", quoting)));
            assertDiscreet(submit(provider));
            fake.replies(answer(status, quoting));
            assertDiscreet(submit(provider));
        }
    }

    @ParameterizedTest
    @EnumSource
    void cannotTellWhenTheConnectionIsResetAfterTheRequest(Vendor vendor) throws Exception {
        fake.replies(FakeVendor.reset());
        assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
        assertThat(fake.requests()).hasSize(1);
        fake.replies(FakeVendor.hangUp());
        assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
        assertThat(fake.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void cannotTellWhenHalfOfASuccessArrives(Vendor vendor) throws Exception {
        fake.replies(half(201, vendor.accepted()));
        assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
        assertThat(fake.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void believesTheStatusOfARefusalThatBreaksOff(Vendor vendor) throws Exception {
        fake.replies(half(500, vendor.error("99999", "our fault")));
        assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.UNAVAILABLE, SERVER_ERROR);
        fake.replies(half(429, vendor.error("99999", "slow down")));
        assertResult(submit(provider(vendor, LONG)), SubmitResult.Kind.THROTTLED, THROTTLED);
        assertThat(fake.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void knowsThatNothingWasSentWhenTheConnectionIsRefused(Vendor vendor) throws Exception {
        URI nobody = fake.uri();
        fake.stopListening();
        assertUnsent(submit(provider(vendor, nobody, 10, LONG, Map.of())));
    }

    @ParameterizedTest
    @EnumSource
    void knowsThatNothingWasSentWhenTlsFails(Vendor vendor) throws Exception {
        // The fake takes the client's hello for the start of a request line and waits for more.
        URI plain = URI.create(fake.uri().toString().replace("http:", "https:"));
        assertUnsent(submit(provider(vendor, plain, 10, SHORT, Map.of())));
        assertThat(fake.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingForACodeThatIsOver(Vendor vendor) throws Exception {
        assertUnsent(submit(
                provider(vendor, LONG), new Submission("a1", 1, new Msisdn(TO), TEXT, null, Duration.ZERO, NOW, null)));
        assertThat(fake.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void sendsNothingOnceItIsClosed(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        await(provider.close());
        SubmitResult result = submit(provider);
        assertThat(result.copy()).as("%s", result).isFalse();
        assertThat(fake.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void endsAHungRequestAndGivesItsConnectionBack(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, fake.uri(), 1, SHORT, Map.of());
        fake.replies(hang());
        assertResult(submit(provider), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
        fake.replies(answer(201, vendor.accepted()));
        assertThat(submit(provider)).isEqualTo(new SubmitResult.Accepted(vendor.messageId));
        assertThat(fake.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void opensAllItsConnectionsAndNoneBeforeItIsNeeded(Vendor vendor) throws Exception {
        int most = 150;
        SmsProvider provider = provider(vendor, fake.uri(), most, LONG, Map.of());
        fake.replies(answer(201, vendor.accepted()));
        for (int i = 0; i < 3; i++) {
            assertThat(submit(provider).kind()).isEqualTo(SubmitResult.Kind.ACCEPTED);
        }
        assertThat(fake.connections()).isEqualTo(1);
        fake.replies(hang());
        List<Future<SubmitResult>> hung = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            hung.add(submitted(provider, submission(null, i + 1)));
        }
        fake.awaitRequests(3 + most);
        assertThat(fake.connections()).isEqualTo(most);
        assertThat(hung).noneMatch(Future::isComplete);
    }

    /** Who gave up has left a connection behind that is still being made. */
    @ParameterizedTest
    @EnumSource
    void opensOthersWhileSomeAreStillBeingMade(Vendor vendor) throws Exception {
        URI plain = URI.create(fake.uri().toString().replace("http:", "https:"));
        int most = 70;
        SmsProvider provider = provider(vendor, plain, most, LONG, Map.of());
        patience = SHORT;
        for (int together : List.of(most - 6, 6)) {
            List<Future<SubmitResult>> all = new ArrayList<>();
            for (int i = 0; i < together; i++) {
                all.add(submitted(provider, submission(null, 1)));
            }
            for (Future<SubmitResult> each : all) {
                assertUnsent(await(each));
            }
        }
        assertThat(fake.connections()).isEqualTo(most);
    }

    @ParameterizedTest
    @EnumSource
    void knowsThatNothingWasSentWhenNoConnectionGetsFree(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, fake.uri(), 1, SHORT, Map.of());
        fake.replies(hang());
        Future<SubmitResult> hung = submitted(provider, submission(null, 1));
        fake.awaitRequests(1);
        assertUnsent(submit(provider));
        assertResult(await(hung), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
        // The connection that is free now is offered to the one that has given up first: it must neither be written to
        // nor be lost.
        fake.replies(answer(201, vendor.accepted()));
        Awaitility.await()
                .atMost(LONG)
                .until(() -> submit(provider), result -> result.kind() == SubmitResult.Kind.ACCEPTED);
        assertThat(fake.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void hasAsManyRequestsOutAsItMay(Vendor vendor) throws Exception {
        int many = 300;
        SmsProvider provider = provider(vendor, fake.uri(), many, LONG, Map.of());
        fake.replies(hang());
        List<Future<SubmitResult>> hung = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            hung.add(submitted(provider, submission(null, 1)));
        }
        fake.awaitRequests(many);
        assertThat(hung).noneMatch(Future::isComplete);
        await(provider.close());
        for (Future<SubmitResult> each : hung) {
            assertResult(await(each), SubmitResult.Kind.AMBIGUOUS, AMBIGUOUS);
        }
        assertThat(fake.requests()).hasSize(many);
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheEventLoopFreeWhileTheVendorHangs(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        fake.replies(answer(201, vendor.accepted()));
        assertThat(submit(provider).kind()).isEqualTo(SubmitResult.Kind.ACCEPTED); // classes are loaded now
        fake.replies(hang());
        fake.awaitRequests(1);
        Promise<Long> busy = Promise.promise();
        context.runOnContext(go -> {
            long before = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                Future<SubmitResult> unused = provider.submit(submission(null, 1));
            }
            long nanos = System.nanoTime() - before;
            context.runOnContext(next -> busy.complete(nanos));
        });
        assertThat(Duration.ofNanos(await(busy.future()))).isLessThan(Duration.ofSeconds(1));
        fake.awaitRequests(5);
    }

    @ParameterizedTest
    @EnumSource
    void startsNoThreadForASend(Vendor vendor) throws Exception {
        SmsProvider provider = provider(vendor, LONG);
        fake.replies(answer(201, vendor.accepted()));
        for (int i = 0; i < 20; i++) {
            assertThat(submit(provider).kind()).isEqualTo(SubmitResult.Kind.ACCEPTED);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name ->
                        name.startsWith("sdk-") || name.startsWith("aws-") || name.startsWith("idle-connection"));
    }

    @ParameterizedTest
    @MethodSource("vendorsAndLives")
    void neverFailsItsFutureOnOddInput(Vendor vendor, Instant expiresAt) throws Exception {
        fake.replies(answer(201, vendor.accepted()));
        SubmitResult result = submit(
                provider(vendor, LONG),
                new Submission("a1", 1, new Msisdn(TO), "", "\r\nX: 1", LONG, expiresAt, URI.create("urn:x")));
        assertThat(result).isNotNull();
        assertThat(fake.requests()).hasSizeLessThanOrEqualTo(1);
    }

    static List<Object[]> vendorsAndLives() {
        List<Object[]> all = new ArrayList<>();
        for (Vendor vendor : Vendor.values()) {
            all.add(new Object[] {vendor, Instant.MAX});
            all.add(new Object[] {vendor, Instant.MIN});
            all.add(new Object[] {vendor, NOW.plusSeconds(60)});
        }
        return all;
    }

    private Duration patience = LONG;

    private Submission submission(@Nullable String sender, int number) {
        return new Submission("a1", number, new Msisdn(TO), TEXT, sender, patience, NOW.plusSeconds(120), null);
    }

    private SmsProvider provider(Vendor vendor, Duration timeout) {
        return provider(vendor, fake.uri(), 10, timeout, Map.of());
    }

    private SmsProvider provider(
            Vendor vendor, URI base, int maxInFlight, Duration timeout, Map<String, ReasonClass> errorClasses) {
        patience = timeout;
        SmsProvider provider = vendor.provider(vertx, base, maxInFlight, timeout, errorClasses, NOW);
        providers.add(provider);
        return provider;
    }

    private SubmitResult submit(SmsProvider provider) throws Exception {
        return submit(provider, submission(null, 1));
    }

    private SubmitResult submit(SmsProvider provider, Submission submission) throws Exception {
        return await(submitted(provider, submission));
    }

    /** From an event loop, and checks that the result comes back to it. */
    private Future<SubmitResult> submitted(SmsProvider provider, Submission submission) {
        Promise<SubmitResult> promise = Promise.promise();
        AtomicInteger answers = new AtomicInteger();
        context.runOnContext(go -> provider.submit(submission).onComplete(result -> {
            if (Vertx.currentContext() != context || answers.incrementAndGet() > 1) {
                promise.tryFail(new AssertionError("on " + Thread.currentThread() + ", answer " + answers));
            } else {
                promise.handle(result);
            }
        }));
        return promise.future();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void assertResult(SubmitResult result, SubmitResult.Kind kind, ReasonClass reasonClass) {
        assertThat(result.kind()).as("%s", result).isEqualTo(kind);
        assertThat(reason(result).reasonClass()).as("%s", result).isEqualTo(reasonClass);
    }

    private static Reason reason(SubmitResult result) {
        return Objects.requireNonNull(result.reason());
    }

    private static void assertUnsent(SubmitResult result) {
        assertResult(result, SubmitResult.Kind.UNAVAILABLE, UNAVAILABLE);
        assertThat(result.sent()).isFalse();
    }

    private static void assertDiscreet(SubmitResult result) {
        assertThat(result.toString())
                .doesNotContain(TEXT)
                .doesNotContain("000000")
                .doesNotContain("4155550132");
    }
}
