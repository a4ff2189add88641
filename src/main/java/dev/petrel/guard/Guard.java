package dev.petrel.guard;

import dev.petrel.message.SendRequest;
import java.time.Instant;
import java.util.List;

/** May this request be sent at all? Asks each check in turn; the first refusal counts. */
public final class Guard {
    private final List<Check> checks;

    public Guard(List<Check> checks) {
        this.checks = List.copyOf(checks);
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
