package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class OutcomesTest {
    private static final long FROM = 1_000_000;
    private static final long TO = FROM + 20_000;

    private final Outcomes outcomes = new Outcomes("delivered", FROM, TO);

    @Test
    void countsARequestInTheWindowInWhichItsOutcomeWasRecorded() {
        add("before", "delivered", true, FROM - 1);
        add("first", "delivered", true, FROM);
        add("last", "delivered", true, TO - 1);
        add("after", "delivered", true, TO);

        assertThat(outcomes.inWindow()).isEqualTo(2);
        assertThat(outcomes.ended()).isEqualTo(4);
        assertThat(outcomes.outlastTheWindow()).isTrue();
    }

    @Test
    void countsAllEventsOfTheWindowAndNoRequestThatIsNotOver() {
        add("a", "submitted", false, FROM - 1);
        add("a", "receipt", false, FROM + 1);
        add("a", "delivered", true, FROM + 2);
        add("b", "submitted", false, FROM + 3);
        outcomes.add(record("_owner", null, FROM + 4));

        assertThat(outcomes.events()).isEqualTo(3);
        assertThat(outcomes.inWindow()).isEqualTo(1);
        assertThat(outcomes.ended()).isEqualTo(1);
        assertThat(outcomes.outlastTheWindow()).isFalse();
    }

    @Test
    void countsNoRequestTwice() {
        add("a", "delivered", true, FROM + 1);
        add("a", "delivered", true, FROM + 2);

        assertThat(outcomes.inWindow()).isEqualTo(1);
        assertThat(outcomes.repeated()).isEqualTo(1);
    }

    @Test
    void countsNoRequestThatEndedOtherwise() {
        add("a", "failed", true, FROM + 1);

        assertThat(outcomes.inWindow()).isZero();
        assertThat(outcomes.others()).isEqualTo(1);
    }

    @Test
    void readsTheValuesOfThoseThatWriteNoHeaders() {
        Outcomes plain = new Outcomes("submitted", FROM, TO);
        plain.add(submitted("a", FROM));
        plain.add(failed("b", FROM));

        assertThat(plain.inWindow()).isEqualTo(1);
        assertThat(plain.others()).isEqualTo(1);
    }

    private void add(String requestId, String status, boolean last, long at) {
        ConsumerRecord<byte[], byte[]> record = record(requestId, "{}", at);
        record.headers().add("status", status.getBytes(UTF_8));
        record.headers().add("final", Boolean.toString(last).getBytes(UTF_8));
        outcomes.add(record);
    }

    /** As the pipe writes it. */
    static ConsumerRecord<byte[], byte[]> submitted(String requestId, long at) {
        return record(requestId, "{\"requestId\":\"" + requestId + "\",\"status\":\"submitted\"}", at);
    }

    static ConsumerRecord<byte[], byte[]> failed(String requestId, long at) {
        return record(requestId, "{\"requestId\":\"" + requestId + "\",\"status\":\"failed\"}", at);
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String value, long at) {
        return new ConsumerRecord<>(
                "sms.status",
                0,
                0,
                at,
                TimestampType.LOG_APPEND_TIME,
                key.length(),
                value == null ? 0 : value.length(),
                key.getBytes(UTF_8),
                value == null ? null : value.getBytes(UTF_8),
                new RecordHeaders(),
                Optional.empty());
    }
}
