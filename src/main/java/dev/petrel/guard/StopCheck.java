package dev.petrel.guard;

import dev.petrel.control.Orders;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import java.time.Instant;

/** Nothing is sent to a country, or for a tenant, that an operator has stopped. */
public final class StopCheck implements Guard.Check {
    private final Orders orders;

    public StopCheck(Orders orders) {
        this.orders = orders;
    }

    @Override
    public Admission check(SendRequest request, Instant now) {
        if (orders.isCountryStopped(request.to().country(), now)) {
            return stopped("to: an operator has stopped the country");
        }
        if (orders.isTenantStopped(request.tenant(), now)) {
            return stopped("tenant: an operator has stopped it");
        }
        return Admission.ADMITTED;
    }

    private static Admission stopped(String detail) {
        return new Admission.Refused(Status.REJECTED, Reason.of(ReasonClass.DENIED, detail));
    }
}
