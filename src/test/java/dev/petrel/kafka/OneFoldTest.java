package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.delivery.OpenRequest;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SendRequest;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Results;
import dev.petrel.testing.ScriptedProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Living through a request and replaying what was told of it are one fold, whatever the providers answer. */
class OneFoldTest {
    private static final int SCRIPTS = 400;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration LONG_STEP = Duration.ofMillis(200);
    private static final Duration END = Duration.ofMinutes(15);
    /** What adapters say of a submission that they surely did not get rid of. */
    private static final List<ReasonClass> REJECTIONS = List.of(
            ReasonClass.RECIPIENT_UNREACHABLE,
            ReasonClass.NO_ROUTE,
            ReasonClass.FILTERED,
            ReasonClass.BAD_REQUEST,
            ReasonClass.SENDER_REFUSED,
            ReasonClass.PROVIDER_FAULT,
            ReasonClass.RECIPIENT_INVALID,
            ReasonClass.OPTED_OUT,
            ReasonClass.CONTENT,
            ReasonClass.FRAUD_BLOCKED,
            ReasonClass.GEO_BLOCKED);

    private final Set<String> words = new HashSet<>();
    private final Set<ReasonClass> reasons = EnumSet.noneOf(ReasonClass.class);
    private int compared;
    private int ended;

    @Test
    void whatIsReadBackStandsWhereTheLiveOneDoesAtEveryMoment() {
        for (int seed = 0; seed < SCRIPTS; seed++) {
            liveAndReplay(seed);
        }
        // or else it was no test
        assertThat(words).contains("attempt_failed", "submitted", "submitted final", "failed final", "expired final");
        assertThat(words).contains("unconfirmed final", "submitted", "undelivered", "delivered final", "receipt");
        assertThat(reasons).containsAll(REJECTIONS);
        assertThat(ended).isGreaterThan(SCRIPTS / 2);
        assertThat(compared).isGreaterThan(SCRIPTS * 2);
    }

    private void liveAndReplay(int seed) {
        Random random = new Random(seed);
        boolean receipts = random.nextBoolean();
        DeliveryStage stage = DeliveryStage.with()
                .providers("a", "b-c", "d1")
                .reporting(receipts ? new String[] {"a", "d1"} : new String[0])
                .onAmbiguous(random.nextInt(4) == 0 ? OnAmbiguous.STOP : OnAmbiguous.NEXT)
                .maxCopies(1 + random.nextInt(4))
                .build();
        stage.providers.values().forEach(provider -> script(provider, random));
        SendRequest request = stage.request("fold-" + seed, Duration.ofSeconds(10 + random.nextInt(60)));
        Standing live = new Standing(false);
        OpenRequest open = stage.deliver(request, live);
        Duration withoutLease = Duration.ofMillis(random.nextInt(20_000));
        List<JournalEvent> journal = new ArrayList<>();
        int told = 0;
        while (!live.ended() && stage.time.elapsed().compareTo(END) < 0) {
            int more = stage.sink.events().size();
            if (more > told) {
                read(stage, told, journal);
                compare(stage, request, journal, live, seed);
                told = more;
            }
            stage.lease = random.nextInt(3) > 0 || stage.time.elapsed().compareTo(withoutLease) > 0;
            stage.advance(receipts ? LONG_STEP : STEP);
            if (receipts && random.nextInt(40) == 0) {
                read(stage, told, journal);
                told = stage.sink.events().size();
                receipt(stage, random, request).ifPresent(receipt -> {
                    journal.add(receipt);
                    words.add("receipt");
                    open.apply(receipt);
                });
            }
        }
        read(stage, told, journal);
        compare(stage, request, journal, live, seed);
        assertThat(live.ended()).as("script %s has an end", seed).isTrue();
        ended++;
    }

    /** What any instance may tell of any attempt that a provider saw, in any order, even before its answer. */
    private static Optional<JournalEvent> receipt(DeliveryStage stage, Random random, SendRequest request) {
        ScriptedProvider provider = stage.provider(random.nextBoolean() ? "a" : "d1");
        if (provider.seen().isEmpty()) {
            return Optional.empty();
        }
        Submission of =
                provider.seen().get(random.nextInt(provider.seen().size())).submission();
        ReceiptState state = ReceiptState.values()[random.nextInt(ReceiptState.values().length)];
        ReasonClass why = state.bad() ? REJECTIONS.get(random.nextInt(REJECTIONS.size())) : null;
        return Optional.of(new JournalEvent(
                request.requestId().getBytes(StandardCharsets.US_ASCII),
                request.source().offset(),
                stage.time.now().toEpochMilli(),
                false,
                new JournalEvent.Receipt(of.attemptId(), of.number(), 1, provider.id(), state),
                why,
                null,
                null));
    }

    private void read(DeliveryStage stage, int from, List<JournalEvent> journal) {
        for (StatusEvent event :
                stage.sink.events().subList(from, stage.sink.events().size())) {
            words.add(event.status().wire() + (event.last() ? " final" : ""));
            if (event.attempt() != null && event.reason() != null) {
                reasons.add(event.reason().reasonClass());
            }
            journal.add(readBack(stage, event));
        }
    }

    private void compare(
            DeliveryStage stage, SendRequest request, List<JournalEvent> journal, Standing live, int seed) {
        List<StatusEvent> told = stage.sink.eventsOf(request.requestId());
        Standing replayed = new Standing(false);
        journal.forEach(replayed::apply);
        String which = "script " + seed + " after " + stage.story(request.requestId());
        assertThat(replayed.ended()).as(which).isEqualTo(live.ended());
        if (!told.isEmpty() && told.get(told.size() - 1).last()) {
            return; // nothing follows from a final but that it is one: the rest of it is not read
        }
        compared++;
        assertThat(replayed)
                .as(which)
                .usingRecursiveComparison()
                .ignoringFields("lastReason")
                .isEqualTo(live);
        assertThat(reasonClass(replayed)).as(which).isEqualTo(reasonClass(live));
    }

    private static ReasonClass reasonClass(Standing standing) {
        Reason last = standing.lastReason();
        return last == null ? null : last.reasonClass();
    }

    private static JournalEvent readBack(DeliveryStage stage, StatusEvent event) {
        StatusCodec codec = new StatusCodec("sms.status", "sms.requests", new Writer("petrel-7f", "1s4kx9"));
        ProducerRecord<byte[], byte[]> written = codec.encode(event, stage.term);
        ConsumerRecord<byte[], byte[]> read = new ConsumerRecord<>(
                written.topic(),
                written.partition(),
                17,
                event.at().toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                written.key(),
                written.value(),
                written.headers(),
                java.util.Optional.empty());
        JournalEvent known = JournalCodec.read(read);
        assertThat(known).isNotNull();
        assertThat(known.offset()).isEqualTo(event.source().offset());
        return known;
    }

    private static void script(ScriptedProvider provider, Random random) {
        List<SubmitResult> common = new ArrayList<>(List.of(
                Results.throttled(null),
                Results.throttled(Duration.ofSeconds(2)),
                Results.refused(),
                Results.serverError(),
                Results.rejected(ReasonClass.SENDER_REFUSED)));
        boolean takes = random.nextInt(4) > 0;
        int calls = random.nextInt(6);
        for (int call = 0; call < calls; call++) {
            SubmitResult result = switch (random.nextInt(6)) {
                case 0 -> Results.rejected(REJECTIONS.get(random.nextInt(REJECTIONS.size())));
                case 1 -> Results.ambiguous();
                default -> common.get(random.nextInt(common.size()));
            };
            provider.then(result, Duration.ofMillis(1 + random.nextInt(2_900)));
        }
        SubmitResult otherwise = takes ? Results.accepted("id") : common.get(random.nextInt(common.size()));
        provider.always(otherwise, Duration.ofMillis(1 + random.nextInt(2_900)));
    }
}
