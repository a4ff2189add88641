package dev.petrel.attempt;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;

/** What a provider's breaker hears of a result. */
enum BreakerVerdict {
    SUCCESS,
    FAILURE,
    /** It says nothing about the provider's health. */
    NOT_COUNTED,
    /** The breaker opens at once. */
    OPEN;

    static BreakerVerdict of(SubmitResult result) {
        return switch (result.kind()) {
            case ACCEPTED -> SUCCESS;
            case THROTTLED -> NOT_COUNTED;
            case UNAVAILABLE, AMBIGUOUS -> FAILURE;
            case REJECTED -> isProviderFault(result) ? OPEN : NOT_COUNTED;
        };
    }

    private static boolean isProviderFault(SubmitResult result) {
        return result.reason() != null && result.reason().reasonClass() == ReasonClass.PROVIDER_FAULT;
    }
}
