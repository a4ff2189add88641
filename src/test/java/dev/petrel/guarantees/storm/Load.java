package dev.petrel.guarantees.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.testing.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What auth services ask for: codes of short and long lives, now and then the same request once more, and now and then a
 * record that is no request.
 */
final class Load implements AutoCloseable {
    private static final int REMEMBERED = 500;

    private final RequestStream requests;
    private final String topic;
    private final Random random;
    private final List<Integer> lives;
    private final List<ObjectNode> latest = new ArrayList<>();
    private final Queue<Malformed> malformed = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private int bad;

    /** @param lives of codes, in seconds */
    Load(Platform platform, long seed, List<Integer> lives) {
        this.requests = platform.requests("r-");
        this.topic = platform.requestTopic();
        this.random = new Random(seed);
        this.lives = lives;
    }

    void start(int perSecond) {
        timer.scheduleAtFixedRate(this::next, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    void pause() throws InterruptedException {
        timer.shutdown();
        if (!timer.awaitTermination(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("requests can't be put on the topic");
        }
        requests.flush();
    }

    /** With those that are there twice. */
    List<Asked> asked() {
        return requests.asked();
    }

    List<Malformed> malformed() {
        return new ArrayList<>(malformed);
    }

    private void next() {
        int life = lives.get(random.nextInt(lives.size()));
        switch (random.nextInt(100)) {
            case 0 -> putMalformed();
            case 1, 2 -> requests.ask(life, this::again);
            case 3, 4, 5, 6, 7 -> requests.ask(life, this::theOtherWayRound);
            default -> requests.ask(life, this::remember);
        }
    }

    private ObjectNode remember(ObjectNode request) {
        if (latest.size() < REMEMBERED) {
            latest.add(request);
        } else {
            latest.set(random.nextInt(REMEMBERED), request);
        }
        return request;
    }

    /** The id and the key of an earlier one, with a text by which it would be known. */
    private ObjectNode again(ObjectNode request) {
        if (latest.isEmpty()) {
            return request;
        }
        ObjectNode earlier = latest.get(random.nextInt(latest.size()));
        request.set("requestId", earlier.get("requestId"));
        request.set("to", earlier.get("to"));
        return request;
    }

    private ObjectNode theOtherWayRound(ObjectNode request) {
        request.putArray("providers").add("sns-eu").add("twilio-main");
        return request;
    }

    private void putMalformed() {
        String id = random.nextBoolean() ? "bad-" + bad : null;
        String key = "+120255501" + String.format("%02d", bad++ % 100);
        String value = id == null ? "{\"requestId\": " : "{\"requestId\": \"" + id + "\", \"to\": \"" + key + "\"}";
        requests.put(
                new ProducerRecord<>(topic, key.getBytes(UTF_8), value.getBytes(UTF_8)),
                where -> malformed.add(new Malformed(id, where.partition(), where.offset())));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        requests.close();
    }
}
