package dev.petrel.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.testing.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** Who owns which partition, as the marks on the status topic say. */
final class Owners {
    private Owners() {}

    /** By partition, the instance that has marked it last. */
    static Map<Integer, String> of(StatusReader statuses) {
        Map<Integer, String> owners = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : statuses.records()) {
            if (record.value() == null) {
                String writer = new String(record.headers().lastHeader("writer").value(), UTF_8);
                owners.put(record.partition(), writer.substring(0, writer.indexOf('/')));
            }
        }
        return owners;
    }

    /** Whether so many instances own as many partitions each: before that, partitions are still on their way. */
    static boolean are(int instances, StatusReader statuses) {
        Map<String, Long> shares =
                of(statuses).values().stream().collect(Collectors.groupingBy(owner -> owner, Collectors.counting()));
        long each = Platform.PARTITIONS / instances;
        return shares.size() == instances && shares.values().stream().allMatch(share -> share == each);
    }

    /** Whose requests lie on partitions of this instance; reserved for fiction. */
    static List<String> numbersOf(StatusReader statuses, String instance) {
        Map<Integer, String> owners = of(statuses);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String number = "+120255501" + String.format("%02d", i);
            int partition = BuiltInPartitioner.partitionForKey(number.getBytes(UTF_8), Platform.PARTITIONS);
            if (instance.equals(owners.get(partition))) {
                numbers.add(number);
            }
        }
        return numbers;
    }
}
