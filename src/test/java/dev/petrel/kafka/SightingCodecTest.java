package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.availability.Sighting;
import dev.petrel.delivery.Term;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.DeliveryReceipt;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SightingCodecTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private final StatusCodec codec = new StatusCodec("status", "requests", Writer.atStart("petrel-1", new Random(1)));
    private final Term term = new Term(3, 1, () -> true);
    private final SendRequest request = Requests.request("r1", NOW, Duration.ofMinutes(5));

    @Test
    void readsWhatAnOwnerTells() {
        Sighting taken = sighting(
                codec.encode(IntakeStage.event(request, Status.SUBMITTED, SubmitResult.Kind.ACCEPTED, 2, true), term));

        assertThat(taken.country()).isEqualTo("US");
        assertThat(taken.status()).isEqualTo(Status.SUBMITTED);
        assertThat(taken.last()).isTrue();
        assertThat(taken.provider()).isEqualTo("fake");
        assertThat(taken.receipt()).isNull();
        assertThat(taken.reason()).isNull();
        assertThat(taken.atMillis()).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void readsWhatAProviderSays() {
        AttemptTicket attempt = new AttemptTicket(
                "r1", 3, 1182, "a1", 1, 1, "twilio-main", "US", "+1•••••••23", NOW.minusSeconds(2), NOW);
        Sighting receipt = sighting(codec.encode(new ReceiptEvent(
                attempt,
                new DeliveryReceipt(ReceiptState.UNDELIVERABLE, Reason.of(ReasonClass.FILTERED, "filtered")),
                null,
                NOW)));

        assertThat(receipt.status()).isEqualTo(Status.RECEIPT);
        assertThat(receipt.last()).isFalse();
        assertThat(receipt.receipt()).isEqualTo(ReceiptState.UNDELIVERABLE);
        assertThat(receipt.reason()).isEqualTo(ReasonClass.FILTERED);
        assertThat(receipt.provider()).isEqualTo("twilio-main");
        assertThat(receipt.requestedAtMillis()).isEqualTo(NOW.minusSeconds(2).toEpochMilli());
    }

    @Test
    void oneRequestIsOneWhateverIsToldOfIt() {
        Sighting one = sighting(codec.encode(
                IntakeStage.event(request, Status.ATTEMPT_FAILED, SubmitResult.Kind.UNAVAILABLE, 1, true), term));
        Sighting two = sighting(
                codec.encode(IntakeStage.event(request, Status.SUBMITTED, SubmitResult.Kind.ACCEPTED, 2, true), term));
        SendRequest other = Requests.request("r2", NOW, Duration.ofMinutes(5));
        Sighting three = sighting(
                codec.encode(IntakeStage.event(other, Status.SUBMITTED, SubmitResult.Kind.ACCEPTED, 1, true), term));

        assertThat(two.request()).isEqualTo(one.request()).isNotEqualTo(three.request());
    }

    @Test
    void passesOverTheMarkOfAnOwner() {
        ConsumerRecord<byte[], byte[]> mark = read(codec.mark(term));

        assertThat(SightingCodec.read(mark)).isNull();
        assertThat(SightingCodec.offset(mark)).isEqualTo(-1);
    }

    private static Sighting sighting(ProducerRecord<byte[], byte[]> record) {
        return Objects.requireNonNull(SightingCodec.read(read(record)));
    }

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> record) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                0,
                NOW.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                record.key(),
                record.value(),
                record.headers(),
                Optional.empty());
    }
}
