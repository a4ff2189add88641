package dev.petrel.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * How each of Kafka's clients is set: the operator's properties first, then what the guarantees rest on, so that no
 * property can undo it. Keys and values are byte arrays everywhere: at TRACE the clients log what they can print (P6).
 */
public final class KafkaClients {
    /** What a batch may hold is what the intake may go beyond its limits, and how long the event loop is busy with it. */
    private static final int MOST_RECORDS_IN_A_POLL = 200;

    /** Kafka's client keeps this much ready besides; 50 MB, its own default, would be more than all texts held. */
    private static final int MOST_BYTES_FETCHED_AHEAD = 8 << 20;

    /** Kafka's own 16 kB are full with sixteen statuses: three times as many requests, for us, the brokers and the readers. */
    private static final int BATCH_BYTES = 64 << 10;

    private final KafkaConfig config;

    public KafkaClients(KafkaConfig config) {
        this.config = config;
    }

    public Admin admin() {
        return Admin.create(common("admin"));
    }

    /**
     * For statuses: each of them once, in order, however long it takes. {@code send} must not block the event loop: what
     * can't be queued at once is repeated by {@link KafkaStatusSink}.
     */
    Producer<byte[], byte[]> statusProducer() {
        Map<String, Object> properties = producer("status");
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        properties.remove(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION);
        return new KafkaProducer<>(properties);
    }

    /**
     * For dead letters. Not idempotent: an error that is fatal for an idempotent producer would end it, and a dead letter
     * that is there twice does no harm.
     */
    Producer<byte[], byte[]> deadLetterProducer() {
        Map<String, Object> properties = producer("dead-letters");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000); // after that there is an alert
        return new KafkaProducer<>(properties);
    }

    /**
     * For receipts. Not idempotent, as for dead letters, and of short patience: a provider waits for the answer, and
     * brings again what we have not taken.
     */
    Producer<byte[], byte[]> receiptProducer() {
        Map<String, Object> properties = producer("receipts");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5); // fewer requests to the broker than with 2
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, 86_400_000); // receipts may be rare
        return new KafkaProducer<>(properties);
    }

    /**
     * For requests that come in by HTTP, as for receipts. Partitions are found by the key as in every other producer of them.
     */
    Producer<byte[], byte[]> requestProducer() {
        Map<String, Object> properties = producer("http");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
        properties.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, 86_400_000); // requests may be rare
        properties.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
        properties.remove(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);
        return new KafkaProducer<>(properties);
    }

    /** For requests; {@link LeasedConsumer} is made of them. */
    Map<String, Object> consumer() {
        Map<String, Object> properties = common("requests");
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.groupId());
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_RECORDS_IN_A_POLL);
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_BYTES_FETCHED_AHEAD);
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 300_000); // longer than a drain and a lease
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG); // a namesake would take over inside the lease
        properties.put(
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                config.groupProtocol().name().toLowerCase(Locale.ROOT));
        switch (config.groupProtocol()) {
            case CLASSIC -> {
                properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
                properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
                properties.put(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        List.of(CooperativeStickyAssignor.class.getName()));
            }
            case CONSUMER -> { // the broker's to decide, and the client refuses them
                properties.remove(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
                properties.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
                properties.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
            }
        }
        return properties;
    }

    /**
     * For the states of availability. What can't be written within a few seconds is better not written: by then another
     * may be the owner, and the next heartbeat is due. One request at a time, so that none overtakes another.
     */
    Producer<byte[], byte[]> availabilityProducer() {
        Map<String, Object> properties = producer("availability");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
        return new KafkaProducer<>(properties);
    }

    /**
     * For orders of operators, who wait for the answer: it blocks for a moment where metadata lack, and is not for an
     * event loop. One request at a time, so that no order overtakes another.
     */
    Producer<byte[], byte[]> controlProducer() {
        Map<String, Object> properties = producer("control");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
        return new KafkaProducer<>(properties);
    }

    /** For what this instance says of itself: a line that can't be written within seconds is better not written. */
    Producer<byte[], byte[]> instancesProducer() {
        Map<String, Object> properties = producer("instances");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
        return new KafkaProducer<>(properties);
    }

    /** For reading a status partition back, without the values; of no group. */
    Consumer<byte[], byte[]> journalConsumer() {
        return reader("journal", new WithoutValues(config.topics().status()));
    }

    /** For reading what the auth services write; of no group. */
    Consumer<byte[], byte[]> feedbackConsumer() {
        return reader("feedback");
    }

    /** For reading what availability is made of, of the status topic without the values; of no group. */
    Consumer<byte[], byte[]> availabilityConsumer() {
        return reader("availability", new WithoutValues(config.topics().status()));
    }

    /** For reading what availability says. */
    Consumer<byte[], byte[]> availabilityReader() {
        return reader("availability-reader");
    }

    /** For reading what operators decided. */
    Consumer<byte[], byte[]> controlReader() {
        return reader("control");
    }

    /** For what the operators' page shows. */
    Consumer<byte[], byte[]> consoleConsumer() {
        return reader("console");
    }

    /** For those who follow their requests by HTTP. */
    Consumer<byte[], byte[]> httpReader() {
        return reader("http");
    }

    /** For looking something up on the status topic, or among dead letters. */
    Consumer<byte[], byte[]> lookUpConsumer() {
        return reader("look-up");
    }

    private Consumer<byte[], byte[]> reader(String purpose) {
        return reader(purpose, new ByteArrayDeserializer());
    }

    private Consumer<byte[], byte[]> reader(String purpose, Deserializer<byte[]> values) {
        Map<String, Object> properties = common(purpose);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_BYTES_FETCHED_AHEAD);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, TailThread.WHOLE_POLL);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), values);
    }

    private Map<String, Object> producer(String purpose) {
        Map<String, Object> properties = common(purpose);
        // Five requests in flight make batches by themselves under load; this much more keeps a burst of events
        // together, and nobody waits for it: the next attempt does not wait for the status of the last.
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 2);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return properties;
    }

    private Map<String, Object> common(String purpose) {
        Map<String, Object> properties = new HashMap<>(config.properties());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "petrel-" + purpose + "-" + config.instanceId());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return properties;
    }
}
