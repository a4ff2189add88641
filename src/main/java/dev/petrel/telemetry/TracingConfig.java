package dev.petrel.telemetry;

import dev.petrel.config.Check;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where traces go.
 *
 * @param endpoint of a collector, for traces by OTLP over HTTP; null: nothing is traced
 * @param sampleRate per cent of the requests that bring no {@code traceparent}; of the others their sender decides
 */
public record TracingConfig(@Nullable URI endpoint, int sampleRate) {
    public TracingConfig {
        Check.of("petrel.tracing")
                .that(
                        endpoint == null || isWhole(endpoint),
                        "endpoint",
                        endpoint == null || endpoint.getRawQuery() == null
                                ? String.valueOf(endpoint)
                                : "a URL with a query",
                        "http (or https) with a host and the path for traces, such as http://collector:4318/v1/traces")
                .between("sample-rate", sampleRate, 0, 100)
                .done();
    }

    private static boolean isWhole(URI url) {
        return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawPath().length() > 1
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null;
    }
}
