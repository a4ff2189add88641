package dev.petrel.provider.sns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Msisdn;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.FakeVendor;
import dev.petrel.provider.SteadyTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What SNS sees of a submission, and how credentials come to it. */
class SnsProviderIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final AwsBasicCredentials KEY = AwsBasicCredentials.create("AKIDEXAMPLE", "secret");
    private static final AwsCredentialsProvider AT_HAND = StaticCredentialsProvider.create(KEY);
    private static final String TAKEN = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">"
            + "<PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>";

    private Vertx vertx;
    private FakeVendor fake;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        fake = new FakeVendor(vertx);
        fake.replies(FakeVendor.answer(200, TAKEN));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void publishesToANumberAsTransactional() throws Exception {
        assertThat(submit(provider("Acme", AT_HAND, Duration.ofSeconds(20)), null))
                .isEqualTo(new SubmitResult.Accepted("m-1"));
        FakeVendor.Request request = fake.onlyRequest();
        assertThat(request.line()).isEqualTo("POST / HTTP/1.1");
        assertThat(request.headers().get("authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                .contains("/eu-west-1/sns/aws4_request");
        assertThat(request.headers()).containsEntry("host", fake.uri().getAuthority());
        assertThat(request.form())
                .containsEntry("Action", "Publish")
                .containsEntry("Version", "2010-03-31")
                .containsEntry("PhoneNumber", "+14155550132")
                .containsEntry("Message", "000000 ü & €");
        assertThat(attributes(request.form()))
                .containsOnly(
                        Map.entry("AWS.SNS.SMS.SMSType", "Transactional"), Map.entry("AWS.SNS.SMS.SenderID", "Acme"));
    }

    @Test
    void prefersTheSenderOfTheRequestWhereSnsCanUseIt() throws Exception {
        SnsProvider provider = provider("Acme", AT_HAND, Duration.ofSeconds(20));
        assertThat(submit(provider, "Other")).isInstanceOf(SubmitResult.Accepted.class);
        assertThat(attributes(fake.onlyRequest().form())).containsEntry("AWS.SNS.SMS.SenderID", "Other");
        fake.requests().clear();
        assertThat(submit(provider, "+15005550006")).isInstanceOf(SubmitResult.Accepted.class);
        assertThat(attributes(fake.onlyRequest().form())).containsEntry("AWS.SNS.SMS.SenderID", "Acme");
    }

    @Test
    void namesNoSenderWhereThereIsNone() throws Exception {
        assertThat(submit(provider(null, AT_HAND, Duration.ofSeconds(20)), null))
                .isInstanceOf(SubmitResult.Accepted.class);
        assertThat(attributes(fake.onlyRequest().form())).doesNotContainKey("AWS.SNS.SMS.SenderID");
    }

    @Test
    void waitsForCredentialsWithoutHoldingTheEventLoop() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Queue<String> askedOn = new ConcurrentLinkedQueue<>();
        SnsProvider provider = provider(
                null,
                () -> {
                    askedOn.add(Thread.currentThread().getName());
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return KEY;
                },
                Duration.ofSeconds(20));
        Context context = vertx.getOrCreateContext();
        CompletableFuture<SubmitResult> result = new CompletableFuture<>();
        CompletableFuture<Boolean> free = new CompletableFuture<>();
        context.runOnContext(go -> {
            provider.submit(submission(null)).onComplete(end -> {
                assertThat(Vertx.currentContext()).isSameAs(context);
                result.complete(end.result());
            });
            context.runOnContext(next -> free.complete(result.isDone()));
        });
        assertThat(free.get(10, TimeUnit.SECONDS)).isFalse();
        assertThat(fake.requests()).isEmpty();
        release.countDown();
        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(new SubmitResult.Accepted("m-1"));
        assertThat(askedOn).hasSize(1).allSatisfy(name -> assertThat(name).contains("worker"));
    }

    @Test
    void holdsMissingCredentialsAgainstTheProviderUntilTheyAreThere() throws Exception {
        boolean[] there = {false};
        SnsProvider provider = provider(
                null,
                () -> {
                    if (!there[0]) {
                        throw SdkClientException.create("Unable to load credentials");
                    }
                    return KEY;
                },
                Duration.ofSeconds(20));
        SubmitResult result = submit(provider, null);
        assertThat(result)
                .isEqualTo(new SubmitResult.Rejected(
                        Reason.of(ReasonClass.PROVIDER_FAULT, "no credentials were found in time"), false));
        there[0] = true;
        assertThat(submit(provider, null)).isInstanceOf(SubmitResult.Accepted.class);
        assertThat(fake.requests()).hasSize(1);
    }

    @Test
    void sendsNothingAfterItsTimeWhenCredentialsCameTooLate() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        SnsProvider provider = provider(
                null,
                () -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return KEY;
                },
                Duration.ofMillis(1_500));
        patience = Duration.ZERO;
        assertThat(submit(provider, null))
                .as("no fault of the credentials")
                .isInstanceOf(SubmitResult.Unavailable.class);
        patience = Duration.ofMillis(1_500);
        assertThat(submit(provider, null)).isInstanceOf(SubmitResult.Rejected.class);
        release.countDown();
        assertThat(submit(provider, "Acme")).isInstanceOf(SubmitResult.Accepted.class);
        assertThat(attributes(fake.onlyRequest().form())).containsEntry("AWS.SNS.SMS.SenderID", "Acme");
    }

    private static Map<String, String> attributes(Map<String, String> form) {
        Map<String, String> attributes = new java.util.HashMap<>();
        for (int i = 1; form.containsKey("MessageAttributes.entry." + i + ".Name"); i++) {
            String entry = "MessageAttributes.entry." + i;
            attributes.put(
                    String.valueOf(form.get(entry + ".Name")), String.valueOf(form.get(entry + ".Value.StringValue")));
        }
        return attributes;
    }

    private Submission submission(@Nullable String sender) {
        return new Submission(
                "a1", 1, new Msisdn("+14155550132"), "000000 ü & €", sender, patience, NOW.plusSeconds(120), null);
    }

    private Duration patience = Duration.ofSeconds(20);

    private SnsProvider provider(@Nullable String senderId, AwsCredentialsProvider chain, Duration timeout) {
        patience = timeout;
        return new SnsProvider(
                vertx,
                new SnsConfig("sns", "eu-west-1", fake.uri(), senderId, 10, timeout, Map.of()),
                new SteadyTime(vertx, NOW),
                chain);
    }

    private SubmitResult submit(SnsProvider provider, @Nullable String sender) throws Exception {
        Future<SubmitResult> result = Future.future(promise ->
                vertx.runOnContext(go -> provider.submit(submission(sender)).onComplete(promise)));
        return result.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
