package dev.petrel.provider.sns;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.ErrorTable;
import dev.petrel.provider.HttpPool;
import dev.petrel.provider.RetryAfter;
import dev.petrel.provider.SmsProvider;
import dev.petrel.provider.TransportFailure;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.interceptor.SdkInternalExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sns.SnsAsyncClient;
import software.amazon.awssdk.services.sns.SnsAsyncClientBuilder;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * One AWS account in one region. SNS has no validity period for SMS and gives no receipts, so {@code expiresAt} bounds
 * the sending only, and {@code callbackUrl} is not used.
 */
public final class SnsProvider implements SmsProvider {
    private static final Pattern MESSAGE_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final MessageAttributeValue TRANSACTIONAL = text("Transactional");

    private final String id;
    private final @Nullable String senderId;
    private final Vertx vertx;
    private final HttpPool pool;
    private final SnsAsyncClient client;
    private final AwsCredentialsProvider chain;
    private final Credentials credentials;
    private final SnsErrors errors;
    private final Time time;

    /** With the credentials that the SDK's default chain finds. Reads files: not for an event loop. */
    public SnsProvider(Vertx vertx, SnsConfig config, Time time) {
        this(vertx, config, time, DefaultCredentialsProvider.builder().build());
    }

    /** @param chain asked on a worker, and so may block; closed with this provider */
    public SnsProvider(Vertx vertx, SnsConfig config, Time time, AwsCredentialsProvider chain) {
        this.id = config.id();
        this.senderId = config.senderId();
        this.vertx = vertx;
        this.time = time;
        this.errors = new SnsErrors(config.errorClasses());
        this.pool = new HttpPool(vertx, config.connections(), config.timeout(), time);
        this.chain = chain;
        this.credentials = new Credentials(vertx, chain, time);
        this.client = client(config, new VertxSdkHttpClient(pool, config.timeout(), time), credentials);
        // So that the first code does not wait for them. If there are none yet, the first code asks again.
        Future<?> unused = credentials.current();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Future<SubmitResult> submit(Submission submission) {
        if (submission.timeout().isZero() || submission.timeout().isNegative()) {
            // No fault of the credentials' that they are not there.
            return Future.succeededFuture(TransportFailure.noTimeLeft());
        }
        Context context = vertx.getOrCreateContext();
        Flight flight;
        PublishRequest request;
        String sender = sender(submission);
        boolean senderNamed = sender != null && sender.equals(submission.sender());
        try {
            flight = new Flight(time.nanos() + submission.timeout().toNanos());
            request = request(submission, sender, flight);
        } catch (RuntimeException unmakeable) {
            return Future.succeededFuture(ErrorTable.unmakeable());
        }
        Future<?> ready = credentials.current();
        if (ready.succeeded()) {
            return publish(request, flight, senderNamed, context);
        }
        return Future.fromCompletionStage(ready.toCompletionStage(), context)
                .timeout(Math.max(1, submission.timeout().toMillis() / 3 * 2), TimeUnit.MILLISECONDS)
                .transform(found -> found.succeeded()
                        ? publish(request, flight, senderNamed, context)
                        : Future.succeededFuture(noCredentials()));
    }

    @Override
    public Future<Void> close() {
        client.close();
        if (chain instanceof SdkAutoCloseable open) {
            open.close();
        }
        return pool.close();
    }

    private static SnsAsyncClient client(SnsConfig config, VertxSdkHttpClient http, Credentials credentials) {
        SnsAsyncClientBuilder builder = SnsAsyncClient.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(credentials)
                .httpClient(http)
                // The SDK's way is to send again after a timeout, a reset, a 5xx, a 429: up to four times.
                .overrideConfiguration(settings -> settings.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                // Answers come on the event loop of the caller, and there they may stay: no threads of the SDK's own.
                .asyncConfiguration(settings -> settings.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, (Runnable step) -> step.run()));
        if (config.endpoint() != null) {
            builder.endpointOverride(config.endpoint());
        }
        return builder.build();
    }

    /** A sender that SNS can't use gives way to the provider's own. */
    private @Nullable String sender(Submission submission) {
        String wanted = submission.sender();
        return wanted != null && SnsConfig.canBeSenderId(wanted) ? wanted : senderId;
    }

    private static PublishRequest request(Submission submission, @Nullable String sender, Flight flight) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        attributes.put("AWS.SNS.SMS.SMSType", TRANSACTIONAL);
        if (sender != null) {
            attributes.put("AWS.SNS.SMS.SenderID", text(sender));
        }
        SdkHttpExecutionAttributes aboard = SdkHttpExecutionAttributes.builder()
                .put(Flight.ATTRIBUTE, flight)
                .build();
        return PublishRequest.builder()
                .phoneNumber(submission.to().e164())
                .message(submission.text())
                .messageAttributes(attributes)
                .overrideConfiguration(call ->
                        call.putExecutionAttribute(SdkInternalExecutionAttribute.SDK_HTTP_EXECUTION_ATTRIBUTES, aboard))
                .build();
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    private Future<SubmitResult> publish(PublishRequest request, Flight flight, boolean senderNamed, Context context) {
        CompletableFuture<PublishResponse> published;
        try {
            published = client.publish(request);
        } catch (RuntimeException unmakeable) {
            published = CompletableFuture.failedFuture(unmakeable);
        }
        return Future.fromCompletionStage(published, context)
                .transform(answer -> Future.succeededFuture(
                        answer.succeeded() ? taken(answer.result()) : notTaken(answer.cause(), flight, senderNamed)));
    }

    private static SubmitResult taken(PublishResponse answer) {
        String messageId = answer.messageId();
        return messageId != null && MESSAGE_ID.matcher(messageId).matches()
                ? new SubmitResult.Accepted(messageId)
                : ErrorTable.unreadable(answer.sdkHttpResponse().statusCode());
    }

    private SubmitResult notTaken(Throwable cause, Flight flight, boolean senderNamed) {
        Throwable failure = cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
        if (failure instanceof AwsServiceException refused) {
            return refusal(refused, senderNamed);
        }
        if (!flight.handedOver()) {
            return ErrorTable.unmakeable();
        }
        return TransportFailure.resultOf(failure);
    }

    private SubmitResult refusal(AwsServiceException refused, boolean senderNamed) {
        AwsErrorDetails details = refused.awsErrorDetails();
        String code = details == null ? null : details.errorCode();
        String message = details == null ? null : details.errorMessage();
        String retryAfter = details == null || details.sdkHttpResponse() == null
                ? null
                : details.sdkHttpResponse().firstMatchingHeader("Retry-After").orElse(null);
        return ErrorTable.refusal(
                errors.classOf(code, message, refused.statusCode()),
                code,
                refused.statusCode(),
                RetryAfter.parse(retryAfter, time.now()),
                senderNamed);
    }

    private static SubmitResult noCredentials() {
        return new SubmitResult.Rejected(
                Reason.of(ReasonClass.PROVIDER_FAULT, "no credentials were found in time"), false);
    }
}
