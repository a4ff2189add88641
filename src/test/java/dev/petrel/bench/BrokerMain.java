package dev.petrel.bench;

import dev.petrel.testing.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A broker as a process of its own. It fills the topics too, so that the JVM that is measured has no part in it. Takes
 * commands line by line, answers each with {@code ok}, and ends with its standard input.
 */
final class BrokerMain {
    static final String READY = "broker at ";
    static final String OK = "ok";
    static final int PARTITIONS = 4;

    private final EmbeddedBroker broker;

    private BrokerMain(EmbeddedBroker broker) {
        this.broker = broker;
    }

    public static void main(String[] args) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(READY + broker.bootstrapServers());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                new BrokerMain(broker).obey(line.split(" "));
                System.out.println(OK);
            }
        }
        System.exit(0);
    }

    private void obey(String[] words) throws Exception {
        switch (words[0]) {
            case "create" -> broker.createTopic(words[1], PARTITIONS);
            case "fill" -> fill(words[1], Integer.parseInt(words[2]));
            case "delete" -> delete(words[1]);
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private void fill(String topic, int count) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 5, "batch.size", 65536),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                String to = fictional(i);
                String request = """
                        {"requestId":"%s-%d","to":"%s","text":"%06d is your test code. Nobody will ask you for it.","lifetimeSeconds":600,"purpose":"login","tenant":"web"}""".formatted(topic, i, to, i);
                producer.send(new ProducerRecord<>(
                        topic, to.getBytes(StandardCharsets.UTF_8), request.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    /** NANP numbers 555-0100 to 555-0199, which are reserved for fiction, in every area code: some 70,000. */
    private static String fictional(int number) {
        int mixed = (int) (number * 0x9E3779B1L >>> 7 & 0xFFFFF);
        return "+1" + (201 + mixed / 100 % 700) + "55501" + String.format("%02d", mixed % 100);
    }

    private void delete(String topic) throws Exception {
        try (var admin = broker.admin()) {
            admin.deleteTopics(List.of(topic)).all().get(10, TimeUnit.SECONDS);
        }
    }
}
