package dev.petrel.web;

import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks at our public URL twice a minute, so that whoever is on call hears of a broken way in, or of a certificate that
 * is about to end, before receipts are missed. Used on one event loop, but for {@link #stop()}.
 */
public final class PublicUrlWatch {
    private static final Duration EACH = Duration.ofSeconds(30);

    private final PublicUrl url;
    private final Time time;
    private volatile double reached = Double.NaN;
    private volatile Time.@Nullable Timer next;
    private volatile boolean stopped;

    public PublicUrlWatch(PublicUrl url, Time time, Meters meters) {
        this.url = url;
        this.time = time;
        meters.gauge(
                "petrel.public.url.reachable",
                "1 where our public URL answers us, 0 where it does not",
                null,
                () -> reached);
        if (url.secure()) {
            meters.gauge(
                    "petrel.public.url.certificate.end",
                    "When the certificate of our public URL ends, since the epoch",
                    "seconds",
                    this::certificateEnd);
        }
    }

    /** To be called once receipts are taken. */
    public void start() {
        look();
    }

    public void stop() {
        stopped = true;
        Time.Timer waiting = next;
        if (waiting != null) {
            waiting.cancel();
        }
    }

    private void look() {
        url.reachable().onSuccess(answers -> {
            reached = answers ? 1 : 0;
            if (!stopped) {
                next = time.after(EACH, this::look);
            }
        });
    }

    private double certificateEnd() {
        Instant end = url.certificateEnds();
        return end == null ? Double.NaN : end.getEpochSecond();
    }
}
