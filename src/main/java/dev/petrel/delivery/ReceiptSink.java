package dev.petrel.delivery;

import dev.petrel.message.ReceiptEvent;
import io.vertx.core.Future;

/**
 * Where receipts go: the status partition of their request, whoever owns it. Succeeds once acknowledged; fails where that
 * takes too long or can't be, and whoever brought the receipt is to bring it again: one that is there twice does no harm.
 */
@FunctionalInterface
public interface ReceiptSink {
    Future<Void> tell(ReceiptEvent event);
}
