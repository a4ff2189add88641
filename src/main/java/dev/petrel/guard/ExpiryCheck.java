package dev.petrel.guard;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import java.time.Instant;

/** A code that was dead on arrival is not sent. */
public final class ExpiryCheck implements Guard.Check {
    @Override
    public Admission check(SendRequest request, Instant now) {
        return now.isBefore(request.expiresAt())
                ? Admission.ADMITTED
                : new Admission.Refused(Status.EXPIRED, Reason.of(ReasonClass.EXPIRED, "expired before it arrived"));
    }
}
