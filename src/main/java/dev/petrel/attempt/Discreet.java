package dev.petrel.attempt;

import dev.petrel.message.Reason;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.SmsProvider;
import io.vertx.core.Future;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Withholds a vendor's code or message id that would tell the number or the text (P6): both are the vendor's to choose,
 * and go to the status topic and the log. For all adapters, so that none has to think of it.
 */
final class Discreet implements SmsProvider {
    private static final String WITHHELD = "withheld";
    private static final Pattern SEPARATORS = Pattern.compile("[\\s+().,:;/_-]");
    /** What a one-time code may look like in the text. */
    private static final Pattern DIGITS = Pattern.compile("[0-9]{4,}");
    /** So many of its last digits tell a number to whoever knows the country. */
    private static final int TELLING = 7;

    private final SmsProvider provider;

    Discreet(SmsProvider provider) {
        this.provider = provider;
    }

    @Override
    public String id() {
        return provider.id();
    }

    @Override
    public Future<SubmitResult> submit(Submission submission) {
        return provider.submit(submission).map(result -> withhold(result, submission));
    }

    @Override
    public Future<Void> close() {
        return provider.close();
    }

    private static SubmitResult withhold(SubmitResult result, Submission submission) {
        if (result instanceof SubmitResult.Accepted accepted) {
            return tells(accepted.providerMessageId(), submission) ? new SubmitResult.Accepted(WITHHELD) : result;
        }
        Reason reason = result.reason();
        String code = reason == null ? null : reason.code();
        if (reason == null || code == null || !(tells(code, submission) || tellsCode(code, submission))) {
            return result;
        }
        return with(new Reason(reason.reasonClass(), null, reason.detail()), result);
    }

    private static boolean tells(String value, Submission submission) {
        String number = submission.to().e164();
        return bare(value).contains(number.substring(number.length() - TELLING))
                || submission.text().contains(value);
    }

    /** For error codes, which are short; among the digits of a message id this would be found by chance. */
    private static boolean tellsCode(String value, Submission submission) {
        String bare = bare(value);
        return DIGITS.matcher(submission.text())
                .results()
                .map(MatchResult::group)
                .anyMatch(bare::contains);
    }

    private static String bare(String value) {
        return SEPARATORS.matcher(value).replaceAll("");
    }

    private static SubmitResult with(Reason reason, SubmitResult result) {
        return switch (result.kind()) {
            case ACCEPTED -> result;
            case REJECTED -> new SubmitResult.Rejected(reason, result.sent());
            case THROTTLED -> new SubmitResult.Throttled(((SubmitResult.Throttled) result).retryAfter(), reason);
            case UNAVAILABLE -> new SubmitResult.Unavailable(result.sent(), reason);
            case AMBIGUOUS -> new SubmitResult.Ambiguous(reason);
        };
    }
}
