package dev.petrel.guard;

import dev.petrel.message.SendRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** May this request be sent at all? Asks each check in turn; the first refusal counts. */
public final class Guard {
    private final List<Check> checks;
    private final TenantPace pace;

    /** One that counts nothing. */
    public Guard(List<Check> checks) {
        this(checks, new TenantPace(() -> new GuardConfig(Set.of(), Set.of(), Set.of(), Map.of())));
    }

    public Guard(List<Check> checks, TenantPace pace) {
        this.checks = List.copyOf(checks);
        this.pace = pace;
    }

    /** As {@link #check}, of a request that comes for the first time: it counts for its tenant's rate. */
    public Admission admit(SendRequest request, Instant now) {
        Admission checked = check(request, now);
        return checked instanceof Admission.Refused ? checked : pace.take(request);
    }

    public Admission check(SendRequest request, Instant now) {
        for (Check check : checks) {
            if (check.check(request, now) instanceof Admission.Refused refused) {
                return refused;
            }
        }
        return Admission.ADMITTED;
    }

    /** One reason for which a request may be refused. */
    public interface Check {
        Admission check(SendRequest request, Instant now);
    }
}
