package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.availability.CountryState;
import dev.petrel.console.Board;
import dev.petrel.console.Console;
import dev.petrel.console.Happening;
import dev.petrel.console.InstanceLine;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole status topic, from 15 minutes back on, and the lines of the instances, for as long as somebody looks at
 * the operators' page; and says every second how all of it stands. It belongs to no group, and nobody waits for it: a page
 * that can't keep up is late, and says so.
 *
 * <p>All of it happens on a thread of its own.
 */
public final class ConsoleTail {
    private static final Logger log = LoggerFactory.getLogger(ConsoleTail.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** What is read is told once a second. */
    private static final Duration GATHER = Duration.ofMillis(20);

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long EACH = TimeUnit.SECONDS.toNanos(1);
    /** Behind the topic's end by more than this, the page says so. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(5);

    private final KafkaConfig.Topics topics;
    private final Supplier<Collection<CountryState>> countries;
    private final Time time;
    private final java.util.function.Consumer<Board> say;
    private final TailThread thread;
    private final Console console = new Console();
    private final BrokerClock brokers = new BrokerClock();
    private List<TopicPartition> status = List.of();
    private int partitions;
    private @Nullable Map<TopicPartition, Long> ends;
    private long endsAt;
    private long atEnd;
    private boolean everAtEnd;
    private long sayDue;
    private @Nullable String failing;

    /**
     * @param context of the event loop where {@code fatal} is told
     * @param countries as availability has them
     * @param say is handed each board, on the thread; must not throw
     * @param fatal told when nothing can be read any more
     */
    public ConsoleTail(
            KafkaClients clients,
            KafkaConfig.Topics topics,
            Supplier<Collection<CountryState>> countries,
            Context context,
            Time time,
            java.util.function.Consumer<Board> say,
            java.util.function.Consumer<Throwable> fatal) {
        this.topics = topics;
        this.countries = countries;
        this.time = time;
        this.say = say;
        this.sayDue = time.nanos();
        this.endsAt = sayDue - EACH;
        this.thread = new TailThread("petrel-console", clients::consoleConsumer, context, fatal, new Turns());
        thread.start();
    }

    /** Succeeds once the thread has come to its end. Any thread. */
    public Future<Void> close() {
        return thread.close();
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            ConsoleTail.this.turn();
            failing = null;
        }

        @Override
        public void failed(RuntimeException cause) {
            if (failing == null) {
                log.warn("The operators' page can't be kept up to date: {}", cause.toString());
            }
            failing = "Kafka can't be read: " + cause.getClass().getSimpleName();
            try {
                say();
            } catch (RuntimeException mistake) { // the thread must live on: whoever stops us waits for its end
                log.error("The operators' page was not worked out: {}", mistake.toString());
            }
        }

        @Override
        public void broken(Error cause) {
            log.error("The operators' page can't be shown any more: {}", cause.toString());
        }
    }

    private void turn() {
        if (status.isEmpty()) {
            position();
        }
        ConsumerRecords<byte[], byte[]> records = thread.consumer().poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(topics.instances())) {
                line(record);
            } else {
                event(record);
            }
        }
        lookForEnd();
        if (time.nanos() - sayDue >= 0) {
            say();
        }
        if (everAtEnd) {
            thread.gather(records.count(), GATHER);
        }
    }

    private void event(ConsumerRecord<byte[], byte[]> record) {
        Happening event = HappeningCodec.read(record);
        if (event != null) {
            console.saw(event);
        }
        if (everAtEnd) {
            brokers.heard(record.timestamp(), time.now());
        }
    }

    private void line(ConsumerRecord<byte[], byte[]> record) {
        InstanceLine line = InstanceCodec.decode(record.value());
        boolean brokersTime = record.timestampType() == TimestampType.LOG_APPEND_TIME;
        if (everAtEnd && brokersTime) {
            brokers.heard(record.timestamp(), time.now()); // there are lines where there are no codes
        }
        if (line != null) {
            console.heard(brokersTime ? line.by(Instant.ofEpochMilli(record.timestamp())) : line);
        } else if (record.key() != null && record.value() == null) {
            console.left(new String(record.key(), UTF_8));
        }
    }

    private void say() {
        sayDue = time.nanos() + EACH;
        String missing = reading();
        Instant now = brokers.at(time.now());
        // what was not read must not look as if nothing had come
        Instant asOf = everAtEnd && missing != null ? now.minusNanos(time.nanos() - atEnd) : now;
        say.accept(console.board(asOf, partitions, countries.get(), everAtEnd, missing));
    }

    private @Nullable String reading() {
        if (failing != null) {
            return failing;
        } else if (!everAtEnd) {
            return "reading what happened in the last 15 minutes";
        }
        long behind = time.nanos() - atEnd;
        return behind > LATE ? "this page is " + TimeUnit.NANOSECONDS.toSeconds(behind) + " s behind" : null;
    }

    private void position() {
        Consumer<byte[], byte[]> consumer = thread.consumer();
        List<TopicPartition> found = consumer.partitionsFor(topics.status(), LIMIT).stream()
                .map(each -> new TopicPartition(topics.status(), each.partition()))
                .toList();
        TopicPartition instances = new TopicPartition(topics.instances(), 0);
        Instant begin = time.now().minus(Console.BACK);
        long since = begin.toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(
                found.stream().collect(Collectors.toMap(Function.identity(), each -> since)), LIMIT);
        Map<TopicPartition, Long> now = consumer.endOffsets(found, LIMIT);
        int requests = consumer.partitionsFor(topics.requests(), LIMIT).size();
        List<TopicPartition> all = new ArrayList<>(found);
        all.add(instances);
        consumer.assign(all);
        consumer.seekToBeginning(List.of(instances));
        for (TopicPartition each : found) {
            OffsetAndTimestamp from = first.get(each);
            consumer.seek(each, from == null ? now.getOrDefault(each, 0L) : from.offset());
        }
        console.readsFrom(begin);
        partitions = requests;
        status = found;
    }

    /** Whoever has read what there was a moment ago is no further behind than that. */
    private void lookForEnd() {
        Map<TopicPartition, Long> known = ends;
        long asked = time.nanos();
        if (known == null && asked - endsAt >= EACH) {
            known = thread.consumer().endOffsets(thread.consumer().assignment(), LIMIT);
            ends = known;
            endsAt = asked;
        }
        if (known != null && isAt(known)) {
            atEnd = endsAt;
            everAtEnd = true;
            ends = null;
        }
    }

    private boolean isAt(Map<TopicPartition, Long> known) {
        try {
            return known.keySet().stream()
                    .allMatch(each -> thread.consumer().position(each, Duration.ZERO) >= known.getOrDefault(each, 0L));
        } catch (TimeoutException notYet) {
            return false;
        }
    }
}
