package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.delivery.Term;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that are no request, on a topic of their own for people to look at.
 *
 * <p>A dead letter that can't be written is tried again for as long as its term lasts, and meanwhile holds its own
 * offset; nothing that happens here ends the process. The producer is not that of the statuses: it may fail for good, or
 * its buffer may be full, while codes go on. Used on the event loop.
 */
public final class DeadLetters {
    static final String PREFIX = "dlq.";
    static final String REASON = "dlq.reason";
    static final String TOPIC = "dlq.topic";
    static final String PARTITION = "dlq.partition";
    static final String OFFSET = "dlq.offset";
    static final String AT = "dlq.at";
    static final String TRUNCATED = "dlq.truncated";

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration FIRST_REPEAT = Duration.ofMillis(100);
    private static final Duration LAST_REPEAT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final Context context;
    private final Time time;
    private final Meters meters;
    private final Inbox<Letter> answers;
    private final Deque<Letter> failed = new ArrayDeque<>();
    private Duration repeat = FIRST_REPEAT;
    private Time.@Nullable Timer repeatDue;
    private boolean stuck;
    private boolean over;
    private volatile int unwritten;

    /** Made on the event loop. */
    public DeadLetters(KafkaClients clients, KafkaConfig config, Context context, Time time, Meters meters) {
        this(clients.deadLetterProducer(), config.topics().deadLetter(), context, time, meters);
    }

    DeadLetters(Producer<byte[], byte[]> producer, String topic, Context context, Time time, Meters meters) {
        this.producer = producer;
        this.topic = topic;
        this.context = context;
        this.time = time;
        this.meters = meters;
        this.answers = new Inbox<>(context, this::answered);
        meters.gauge(
                "petrel.dead.letters.unwritten",
                "Dead letters that the broker has not acknowledged; they hold their offsets",
                null,
                () -> unwritten);
    }

    /**
     * Writes a copy.
     *
     * @param reason the field and the rule, never a value
     * @return succeeds once it is acknowledged, and never fails; never succeeds where the term is gone first
     */
    Future<Void> write(ConsumerRecord<byte[], byte[]> record, String reason, PartitionTerm term) {
        Letter letter = new Letter(record, reason, term);
        term.letterWaits(letter.bytes);
        term.term().begin();
        unwritten++;
        letter.send();
        return letter.promise.future();
    }

    /** Writes what is queued, and no more. */
    Future<Void> close(Duration limit) {
        over = true;
        return context.owner()
                .executeBlocking(
                        () -> {
                            producer.close(limit);
                            return null;
                        },
                        false);
    }

    private void answered(Letter letter) {
        Exception failure = letter.failure;
        if (failure == null) {
            written(letter);
        } else {
            failed(letter, failure);
        }
    }

    private void written(Letter letter) {
        letter.leave();
        repeat = FIRST_REPEAT;
        stuck = false;
        letter.promise.complete();
        letter.endFirstTry();
        if (!failed.isEmpty() && repeatDue != null) {
            repeatDue.cancel(); // it goes again: no need to wait out what the failures before had brought about
            repeatDue = null;
            repeatSoon();
        }
    }

    private void failed(Letter letter, Exception failure) {
        if (over) {
            return;
        }
        if (failure instanceof RecordTooLargeException && letter.shorten()) {
            letter.send();
            return;
        }
        if (!stuck && letter.tries > 1) { // the first is refused wherever the topic's metadata is not there yet
            stuck = true;
            meters.alert(Alert.DEAD_LETTER_STUCK);
            log.warn(
                    "A dead letter can't be written to {} ({}): it holds its offset and is tried again",
                    topic,
                    failure.getClass().getSimpleName());
        }
        failed.add(letter);
        if (letter.tries > 1) {
            letter.endFirstTry(); // a drain need not wait for what may never be written
        }
        repeatSoon();
    }

    private void repeatSoon() {
        if (repeatDue == null && !over) {
            repeatDue = time.after(repeat, this::repeat);
        }
    }

    /** One first: where it fails again the others would too, and a thousand tries tell no more than one. */
    private void repeat() {
        repeatDue = null;
        failed.removeIf(Letter::abandoned);
        repeat = repeat.multipliedBy(2).compareTo(LAST_REPEAT) < 0 ? repeat.multipliedBy(2) : LAST_REPEAT;
        int most = stuck ? 1 : failed.size();
        for (int i = 0; i < most && !failed.isEmpty() && !over; i++) {
            failed.removeFirst().send();
        }
        if (!failed.isEmpty()) {
            repeatSoon();
        }
    }

    /** One record on its way. */
    private final class Letter implements Callback {
        final ConsumerRecord<byte[], byte[]> record;
        final String reason;
        final PartitionTerm term;
        final int bytes;
        final Instant at = time.now();
        final Promise<Void> promise = Promise.promise();
        int tries;
        private int shortened;
        private boolean firstTry = true;
        private volatile @Nullable Exception failure;

        Letter(ConsumerRecord<byte[], byte[]> record, String reason, PartitionTerm term) {
            this.record = record;
            this.reason = reason;
            this.term = term;
            this.bytes = Math.max(0, record.serializedValueSize()) + Math.max(0, record.serializedKeySize());
        }

        void send() {
            if (over) {
                return;
            }
            tries++;
            failure = null;
            try {
                producer.send(copy(), this);
            } catch (RuntimeException thrown) {
                onCompletion(null, thrown);
            }
        }

        /** From the producer's thread, or from within {@code send}. */
        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            failure = exception;
            answers.add(this);
        }

        /** Leaves something out; false where nothing is left that could be. */
        boolean shorten() {
            return ++shortened <= 2;
        }

        boolean abandoned() {
            if (term.term().state() != Term.State.GONE) {
                return false;
            }
            leave();
            return true;
        }

        void leave() {
            unwritten--;
            term.letterLeaves(bytes);
        }

        void endFirstTry() {
            if (firstTry) {
                firstTry = false;
                term.term().end();
            }
        }

        private ProducerRecord<byte[], byte[]> copy() {
            byte[] key = shortened < 2 ? record.key() : null;
            byte[] value = shortened < 1 ? record.value() : null;
            return new ProducerRecord<>(topic, null, null, key, value, headers());
        }

        private Headers headers() {
            Headers headers = new RecordHeaders();
            if (shortened < 2) {
                for (Header header : record.headers()) {
                    if (!header.key().startsWith(PREFIX)) {
                        headers.add(header);
                    }
                }
            }
            add(headers, REASON, reason);
            add(headers, TOPIC, record.topic());
            add(headers, PARTITION, Integer.toString(record.partition()));
            add(headers, OFFSET, Long.toString(record.offset()));
            add(headers, AT, at.toString());
            if (shortened > 0) {
                add(headers, TRUNCATED, "true");
            }
            return headers;
        }

        private static void add(Headers headers, String name, String value) {
            headers.add(name, value.getBytes(UTF_8));
        }
    }
}
