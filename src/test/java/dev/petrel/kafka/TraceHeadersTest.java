package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.TraceContext;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TraceHeadersTest {
    private final Headers headers = new RecordHeaders();

    @Test
    void theLastOfANameCounts() {
        headers.add("traceparent", "one".getBytes(UTF_8)).add("traceparent", "two".getBytes(UTF_8));

        assertThat(TraceHeaders.of(headers).get("traceparent")).isEqualTo("two");
        assertThat(TraceHeaders.of(headers).get("tracestate")).isNull();
    }

    @Test
    void whatIsEmptyOrLongIsAsGoodAsNone() {
        headers.add("traceparent", null)
                .add("tracestate", new byte[513])
                .add("most", new byte[512])
                .add("foreign", new byte[] {(byte) 0xff, 0});

        assertThat(TraceHeaders.of(headers).get("traceparent")).isNull();
        assertThat(TraceHeaders.of(headers).get("tracestate")).isNull();
        assertThat(TraceHeaders.of(headers).get("most")).hasSize(512);
        assertThat(TraceHeaders.of(headers).get("foreign")).isNotNull();
    }

    @Test
    void addsWhatIsThere() {
        TraceHeaders.add(null, headers);
        assertThat(headers).isEmpty();

        TraceHeaders.add(new TraceContext("00-a-b-01", null, null), headers);
        assertThat(headers).extracting(header -> header.key()).containsExactly("traceparent");

        TraceHeaders.add(new TraceContext("00-a-c-01", "acme=1", null), headers);
        assertThat(TraceHeaders.of(headers).get("traceparent")).isEqualTo("00-a-c-01");
        assertThat(TraceHeaders.of(headers).get("tracestate")).isEqualTo("acme=1");
    }
}
