package dev.petrel.guard;

import dev.petrel.message.Reason;
import dev.petrel.message.Status;

/** What the guard says of a request. */
public sealed interface Admission {
    Admission ADMITTED = new Admitted();

    record Admitted() implements Admission {}

    /** @param status the final that follows */
    record Refused(Status status, Reason reason) implements Admission {}
}
