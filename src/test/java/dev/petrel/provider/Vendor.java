package dev.petrel.provider;

import dev.petrel.config.Secret;
import dev.petrel.message.ReasonClass;
import dev.petrel.provider.sns.SnsConfig;
import dev.petrel.provider.sns.SnsProvider;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.provider.twilio.TwilioProvider;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** What the contract test needs to know of each vendor: how to build its adapter, and how it talks. */
public enum Vendor {
    TWILIO("SM00000000000000000000000000000001", "20429", "20003", "21606") {
        @Override
        SmsProvider provider(
                Vertx vertx,
                URI base,
                int maxInFlight,
                Duration timeout,
                Map<String, ReasonClass> errorClasses,
                Instant now) {
            return new TwilioProvider(
                    vertx,
                    new TwilioConfig(
                            "vendor",
                            "AC00000000000000000000000000000000",
                            new Secret("token"),
                            null,
                            "+15005550006",
                            base,
                            maxInFlight,
                            timeout,
                            errorClasses),
                    new SteadyTime(vertx, now));
        }

        @Override
        String accepted() {
            return "{\"sid\": \"" + messageId + "\", \"status\": \"queued\", \"error_code\": null, "
                    + "\"subresource_uris\": {\"media\": \"/x\", \"sid\": \"SMnot\"}}";
        }

        @Override
        String error(String code, String message) {
            return "{\"code\": " + code + ", \"message\": \"" + message + "\", \"status\": 400}";
        }
    },

    SNS("94f20ce6-13c5-43a0-9a9e-ca52d816e90b", "Throttled", "InvalidClientTokenId", "InvalidParameter") {
        @Override
        SmsProvider provider(
                Vertx vertx,
                URI base,
                int maxInFlight,
                Duration timeout,
                Map<String, ReasonClass> errorClasses,
                Instant now) {
            return new SnsProvider(
                    vertx,
                    new SnsConfig("vendor", "eu-west-1", base, null, maxInFlight, timeout, errorClasses),
                    new SteadyTime(vertx, now),
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")));
        }

        @Override
        String accepted() {
            return "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>"
                    + messageId
                    + "</MessageId></PublishResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
                    + "</PublishResponse>";
        }

        @Override
        String error(String code, String message) {
            return "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>"
                    + code + "</Code><Message>" + message
                    + "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
        }
    };

    final String messageId;
    final String throttledCode;
    final String credentialsCode;
    final String senderCode;

    Vendor(String messageId, String throttledCode, String credentialsCode, String senderCode) {
        this.messageId = messageId;
        this.throttledCode = throttledCode;
        this.credentialsCode = credentialsCode;
        this.senderCode = senderCode;
    }

    abstract SmsProvider provider(
            Vertx vertx,
            URI base,
            int maxInFlight,
            Duration timeout,
            Map<String, ReasonClass> errorClasses,
            Instant now);

    /** A body that says that the message was taken. */
    abstract String accepted();

    abstract String error(String code, String message);
}
