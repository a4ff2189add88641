package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.console.InstanceLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Reads what the instances say of themselves. Blocks, never for an event loop. */
public final class InstanceReader {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaConfig config;

    public InstanceReader(KafkaConfig config) {
        this.config = config;
    }

    /**
     * The last line of each that has not left, by the instance's id.
     *
     * @throws TopicProblems if Kafka does not answer or refuses
     */
    public List<InstanceLine> read() {
        try (TopicScan scan = new TopicScan(config, PATIENCE)) {
            List<TopicPartition> partitions = scan.partitions(config.topics().instances(), null);
            Map<String, InstanceLine> lines = new TreeMap<>();
            String brokenOff = scan.read(scan.begins(partitions), scan.ends(partitions), record -> {
                InstanceLine line = InstanceCodec.decode(record.value());
                byte[] key = record.key();
                if (line != null) {
                    lines.put(line.instance(), line);
                } else if (key != null && record.value() == null) {
                    lines.remove(new String(key, UTF_8));
                }
                return true;
            });
            if (brokenOff != null) {
                throw new TopicProblems(
                        List.of("topic " + config.topics().instances() + ": was not read to its end: " + brokenOff));
            }
            return List.copyOf(lines.values());
        }
    }
}
