package dev.petrel.bench;

import dev.petrel.testing.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker as a process of its own. It fills the topics too, so that the JVM that is measured has no part in it. Takes
 * commands line by line, answers each with {@code ok}, and ends with its standard input.
 */
final class BrokerMain {
    static final String READY = "broker at ";
    static final String OK = "ok";
    private static final int PARTITIONS = 4;

    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;

    private BrokerMain(EmbeddedBroker broker) {
        this.broker = broker;
        // Not idempotent: if the broker refuses the first batch, since it has only just heard of a topic, and takes the
        // second, the first is out of order for ever.
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "linger.ms",
                        5,
                        "batch.size",
                        65536,
                        "enable.idempotence",
                        false),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public static void main(String[] args) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        BrokerMain main = new BrokerMain(broker);
        System.out.println(READY + broker.bootstrapServers());
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            main.obey(line.split(" "));
            System.out.println(OK);
        }
        System.exit(0);
    }

    private void obey(String[] words) throws Exception {
        switch (words[0]) {
            case "create" -> create(words[1]);
            case "create-compacted" -> broker.createTopic(words[1], 1, Map.of("cleanup.policy", "compact"));
            case "delete" -> delete(words[1]);
            case "fill" -> fill(words[1], Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    /** The broker learns of a new topic a moment after its controller. */
    private void create(String topic) throws InterruptedException {
        broker.createTopic(topic, PARTITIONS);
        while (producer.partitionsFor(topic).stream()
                        .filter(info -> info.leader() != null)
                        .count()
                < PARTITIONS) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void delete(String topic) throws Exception {
        try (Admin admin = broker.admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private void fill(String topic, int count) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sent.add(producer.send(new ProducerRecord<>(
                    topic, fictional(i).getBytes(StandardCharsets.UTF_8), request(topic + "-" + i, i))));
        }
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    /** An invented one, as it stands on its topic. */
    static byte[] request(String requestId, int number) {
        return """
                {"requestId":"%s","to":"%s","text":"%06d is your test code. Nobody will ask you for it.","lifetimeSeconds":600,"purpose":"login","tenant":"web"}""".formatted(requestId, fictional(number), number).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Out of ranges that the USA, the United Kingdom and France reserve for fiction, a third each. They are those that are
     * assigned: a number that is not costs several times as much to look up, as no real one does (London's 020 7946 0,
     * not 07700 900; Paris's 01 99 00, not 06 39 98).
     */
    static String fictional(int number) {
        String[] areas = {"202", "212", "303", "312", "404", "415", "617", "702"};
        int each = number / 3;
        return switch (number % 3) {
            case 0 -> "+1" + areas[each / 100 % areas.length] + "55501" + String.format("%02d", each % 100);
            case 1 -> "+442079460" + String.format("%03d", each % 1000);
            default -> "+3319900" + String.format("%04d", each % 10_000);
        };
    }
}
