package dev.petrel.guard;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import java.time.Instant;
import java.util.function.Supplier;

/** A tenant sends to the countries that are his, under the sender ids that are. Of how many a second, see {@link TenantPace}. */
public final class TenantCheck implements Guard.Check {
    private final Supplier<GuardConfig> config;

    public TenantCheck(Supplier<GuardConfig> config) {
        this.config = config;
    }

    @Override
    public Admission check(SendRequest request, Instant now) {
        Tenant tenant = config.get().tenant(request.tenant());
        if (!tenant.countries().isEmpty()
                && !tenant.countries().contains(request.to().country())) {
            return denied("to: the country is not among the tenant's");
        }
        String sender = request.sender();
        if (sender != null && !tenant.senders().isEmpty() && !tenant.senders().contains(sender)) {
            return denied("sender: is not among the tenant's");
        }
        return Admission.ADMITTED;
    }

    private static Admission denied(String detail) {
        return new Admission.Refused(Status.REJECTED, Reason.of(ReasonClass.DENIED, detail));
    }
}
