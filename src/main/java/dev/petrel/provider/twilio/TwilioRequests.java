package dev.petrel.provider.twilio;

import com.twilio.http.HttpClient;
import com.twilio.http.Request;
import com.twilio.http.Response;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageCreator;
import com.twilio.type.PhoneNumber;
import dev.petrel.message.Submission;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has twilio-java make the request and never send it. The SDK's own client blocks a thread for each call, sends again
 * on 5xx and 429 without telling, and loses the status of an answer it can't parse; the shape of a request, its form
 * encoding and its credentials are what the SDK knows best. Its {@code create} ends, on the first use of the HTTP
 * client, in an exception that carries the finished request out.
 */
final class TwilioRequests {
    /** Twilio's own bounds for ValidityPeriod, in seconds. */
    private static final long SHORTEST = 1;

    private static final long LONGEST = 36_000;

    /**
     * Connection overrides (twilio.com/docs/usage/webhooks/webhooks-connection-overrides): a receipt that we could not write
     * is brought up to five times more, instead of once. Twilio neither sends nor signs the fragment.
     */
    static final String BRING_AGAIN = "#rc=5&rp=all";

    private final TwilioRestClient client;
    private final @Nullable String messagingServiceSid;
    private final @Nullable PhoneNumber from;

    TwilioRequests(TwilioConfig config) {
        this.client = new TwilioRestClient.Builder(
                        config.accountSid(), config.authToken().value())
                .httpClient(new Catcher())
                .build();
        this.messagingServiceSid = config.messagingServiceSid();
        this.from = config.from() == null ? null : new PhoneNumber(config.from());
    }

    /** The sender that the submission asks for, if Twilio can use it; null: the provider's own. */
    static @Nullable String namedSender(Submission submission) {
        String sender = submission.sender();
        return sender != null && TwilioConfig.canBeFrom(sender) ? sender : null;
    }

    /** @param life what is left of the code's life */
    Request make(Submission submission, Duration life) {
        MessageCreator creator =
                creator(submission).setValidityPeriod((int) Math.max(SHORTEST, Math.min(LONGEST, life.toSeconds())));
        if (submission.callbackUrl() != null) {
            creator.setStatusCallback(URI.create(submission.callbackUrl() + BRING_AGAIN));
        }
        if (submission.number() > 1) {
            creator.setAttempt(submission.number());
        }
        try {
            Message impossible = creator.create(client);
            throw new IllegalStateException("sent past us: " + impossible.getSid());
        } catch (Caught caught) {
            return caught.request;
        }
    }

    private MessageCreator creator(Submission submission) {
        PhoneNumber to = new PhoneNumber(submission.to().e164());
        String named = namedSender(submission);
        PhoneNumber sender = named == null ? from : new PhoneNumber(named);
        if (messagingServiceSid == null) {
            return Message.creator(to, sender, submission.text());
        }
        // With a sender of its own the message still gets what the service does for it.
        MessageCreator creator = Message.creator(to, messagingServiceSid, submission.text());
        return sender == null ? creator : creator.setFrom(sender);
    }

    private static final class Catcher extends HttpClient {
        @Override
        public Response reliableRequest(Request request) {
            throw new Caught(request);
        }

        @Override
        public Response reliableRequest(Request request, int[] retryCodes, int retries, long delayMillis) {
            throw new Caught(request);
        }

        @Override
        public Response makeRequest(Request request) {
            throw new Caught(request);
        }
    }

    /** Without a stack: it is no error, only a way out. */
    private static final class Caught extends RuntimeException {
        private final transient Request request;

        private Caught(Request request) {
            super(null, null, false, false);
            this.request = request;
        }
    }
}
