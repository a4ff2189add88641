package dev.petrel.telemetry;

import dev.petrel.metrics.Meters;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is between a span that is over and the collector: so many wait and no more, each is counted by what becomes of it,
 * and the log hears of a collector in trouble once a minute. Safe for any thread.
 */
final class Outbox implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(Outbox.class);
    /** About a second's at full load, and a few megabytes. */
    static final int ROOM = 8192;

    private static final String SENT = "sent";
    private static final String FAILED = "failed";
    private static final String DROPPED = "dropped";
    private static final Duration TELL_AGAIN = Duration.ofMinutes(1);

    private final SpanExporter collector;
    private final Meters meters;
    private final LongSupplier nanos;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong nextTold;

    /** @param nanos monotonic */
    Outbox(SpanExporter collector, Meters meters, LongSupplier nanos) {
        this.collector = collector;
        this.meters = meters;
        this.nanos = nanos;
        this.nextTold = new AtomicLong(nanos.getAsLong());
        List.of(SENT, FAILED, DROPPED).forEach(meters::spansMayBe);
    }

    /** Whether one more may be made. Without room it is lost, and counted so. */
    boolean hasRoom() {
        if (waiting.get() < ROOM) {
            return true;
        }
        meters.spans(DROPPED, 1);
        tell("too many wait for it");
        return false;
    }

    /** One was made; it may have been exported already. */
    void added() {
        waiting.incrementAndGet();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size(); // the batch is emptied afterwards
        waiting.addAndGet(-count);
        CompletableResultCode result = collector.export(spans);
        return result.whenComplete(() -> {
            meters.spans(result.isSuccess() ? SENT : FAILED, count);
            if (!result.isSuccess()) {
                tell(reason(result.getFailureThrowable()));
            }
        });
    }

    /** In our words: what is thrown, and what a collector answers, may quote what was sent. */
    private static String reason(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : failure.getCause();
        return cause == null ? "it answers with an error" : cause.getClass().getSimpleName();
    }

    private void tell(String reason) {
        long due = nextTold.get();
        long now = nanos.getAsLong();
        if (now - due >= 0 && nextTold.compareAndSet(due, now + TELL_AGAIN.toNanos())) {
            log.warn("spans are lost on their way to petrel.tracing.endpoint ({}); no code waits for it", reason);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return collector.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return collector.shutdown();
    }
}
