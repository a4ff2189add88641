package dev.petrel.provider;

import dev.petrel.message.DeliveryReceipt;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what one account's vendor says to our webhook. Never throws; may be used on any thread. Nothing that the vendor
 * says in words is passed on (P6).
 */
public interface ReceiptReader {

    /** What a call comes to. */
    Reading read(Call call);

    /**
     * A call to the webhook.
     *
     * @param url the public one, as the vendor was given it: the setting and the token decide, never a header
     * @param signature the vendor's header; null if there is none
     * @param fields of the form, in the order they came
     */
    record Call(String url, @Nullable String signature, Map<String, List<String>> fields) {}

    sealed interface Reading {
        /** @param messageId the vendor's; null where it did not say */
        record Receipt(DeliveryReceipt receipt, @Nullable String messageId) implements Reading {}

        /** The vendor has not sent this. */
        record Forged() implements Reading {}

        /** It is the vendor's, and can't be understood. */
        record Unreadable() implements Reading {}
    }
}
