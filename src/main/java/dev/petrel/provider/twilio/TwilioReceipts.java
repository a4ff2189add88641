package dev.petrel.provider.twilio;

import com.twilio.security.RequestValidator;
import dev.petrel.message.DeliveryReceipt;
import dev.petrel.message.Reason;
import dev.petrel.message.ReceiptState;
import dev.petrel.provider.ErrorTable;
import dev.petrel.provider.ReceiptReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Twilio's status callbacks (twilio.com/docs/messaging/guides/track-outbound-message-status), signed with the account's
 * token over URL and form (twilio.com/docs/usage/security).
 */
final class TwilioReceipts implements ReceiptReader {
    private static final Pattern MESSAGE_SID = Pattern.compile("[A-Z]{2}[0-9A-Za-z]{1,64}");

    private final RequestValidator validator;
    private final String accountSid;
    private final ErrorTable errors;

    TwilioReceipts(TwilioConfig config) {
        this.validator = new RequestValidator(config.authToken().value());
        this.accountSid = config.accountSid();
        this.errors = TwilioErrors.receipts(config.errorClasses());
    }

    @Override
    public Reading read(Call call) {
        Map<String, String> fields = single(call.fields());
        if (fields == null || !isSigned(call, fields) || !accountSid.equals(fields.get("AccountSid"))) {
            return new Reading.Forged();
        }
        String status = fields.get("MessageStatus");
        if (status == null || status.isEmpty()) {
            return new Reading.Unreadable();
        }
        String sid = fields.get("MessageSid");
        return new Reading.Receipt(
                receipt(status, fields.get("ErrorCode")),
                sid != null && MESSAGE_SID.matcher(sid).matches() ? sid : null);
    }

    /** Whether this account has said it, and to this URL. */
    boolean isSigned(Call call, Map<String, String> fields) {
        String signature = call.signature();
        if (signature == null) {
            return false;
        }
        try {
            return validator.validate(call.url(), fields, signature);
        } catch (RuntimeException unverifiable) {
            return false;
        }
    }

    private DeliveryReceipt receipt(String status, @Nullable String errorCode) {
        ReceiptState state = state(status);
        if (!state.bad()) {
            return new DeliveryReceipt(state, null);
        }
        Reason reason = errors.undelivered(errorCode == null || errorCode.isEmpty() ? null : errorCode);
        boolean ended = TwilioErrors.EXPIRED.equals(errorCode);
        return new DeliveryReceipt(ended ? ReceiptState.EXPIRED : state, reason);
    }

    private static ReceiptState state(String status) {
        return switch (status) {
            case "accepted", "queued", "scheduled", "sending" -> ReceiptState.ACCEPTED;
            case "sent" -> ReceiptState.ENROUTE;
            case "delivered", "read" -> ReceiptState.DELIVERED;
            case "undelivered" -> ReceiptState.UNDELIVERABLE;
            case "failed" -> ReceiptState.REJECTED;
            case "canceled" -> ReceiptState.DELETED;
            default -> ReceiptState.UNKNOWN;
        };
    }

    /** Null where a name comes twice: what is signed then is not defined, and Twilio sends no such receipt. */
    private static @Nullable Map<String, String> single(Map<String, List<String>> fields) {
        Map<String, String> single = new HashMap<>();
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            if (field.getValue().size() != 1) {
                return null;
            }
            single.put(field.getKey(), field.getValue().get(0));
        }
        return single;
    }
}
