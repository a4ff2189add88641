package dev.petrel.guard;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import java.time.Instant;
import java.util.function.Supplier;

/** Codes go only to allowed countries, and to no kind of number that is denied. */
public final class DestinationCheck implements Guard.Check {
    private final Supplier<GuardConfig> config;

    public DestinationCheck(Supplier<GuardConfig> config) {
        this.config = config;
    }

    @Override
    public Admission check(SendRequest request, Instant now) {
        GuardConfig current = config.get();
        Recipient to = request.to();
        if (current.deniedCountries().contains(to.country())) {
            return denied("to: the country is denied");
        }
        if (!current.allowedCountries().isEmpty() && !current.allowedCountries().contains(to.country())) {
            return denied("to: the country is not among those allowed");
        }
        if (current.deniedTypes().contains(to.type())) {
            return denied("to: numbers of type " + to.type().wire() + " are denied");
        }
        return Admission.ADMITTED;
    }

    private static Admission denied(String detail) {
        return new Admission.Refused(Status.REJECTED, Reason.of(ReasonClass.DENIED, detail));
    }
}
