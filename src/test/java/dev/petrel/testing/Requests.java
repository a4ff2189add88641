package dev.petrel.testing;

import dev.petrel.message.NumberPlan;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Invented requests to numbers out of ranges reserved for fiction. */
public final class Requests {
    public static final String US = "+12025550123";
    public static final String GB = "+447700900123";
    public static final NumberPlan NUMBERS = new NumberPlan();

    private static final AtomicLong OFFSETS = new AtomicLong();

    private Requests() {}

    public static SendRequest request(String requestId, Instant now, Duration life) {
        return request(requestId, US, now, life, null, null);
    }

    /** One that is sent instead of an older one of the same recipient. */
    public static SendRequest superseding(String older, SendRequest request) {
        return with(request.tenant(), older, request);
    }

    public static SendRequest ofTenant(String tenant, SendRequest request) {
        return with(tenant, request.supersedes(), request);
    }

    private static SendRequest with(String tenant, String supersedes, SendRequest request) {
        return new SendRequest(
                request.requestId(),
                request.to(),
                request.text(),
                request.recordedAt(),
                request.expiresAt(),
                request.purpose(),
                tenant,
                request.sender(),
                supersedes,
                request.providers(),
                request.source(),
                request.trace());
    }

    public static SendRequest request(
            String requestId, String to, Instant now, Duration life, String sender, List<String> providers) {
        Recipient recipient = NUMBERS.recipient(to).orElseThrow();
        return new SendRequest(
                requestId,
                recipient,
                "000000 is your test code.",
                now,
                now.plus(life),
                "login",
                "web",
                sender,
                null,
                providers,
                new Source("sms.requests", 0, OFFSETS.getAndIncrement()),
                null);
    }
}
