package dev.petrel.kafka;

import dev.petrel.kafka.TopicRules.Found;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * What Petrel asks Kafka's brokers of topics, and has them do. Every call blocks, all of them together no longer than
 * the patience given; whatever goes wrong is one line in a {@link TopicProblems}.
 */
final class TopicAdmin implements AutoCloseable {
    private final Admin admin;
    private final BrokerTrouble trouble;
    private final long end;

    TopicAdmin(KafkaConfig config, Duration patience) {
        this.trouble = new BrokerTrouble(config.bootstrapServers(), patience);
        this.end = System.nanoTime() + patience.toNanos();
        Properties properties = new Properties();
        properties.putAll(config.properties());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, config.instanceId() + "-topics");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(patience));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(patience));
        try {
            this.admin = Admin.create(properties);
        } catch (KafkaException e) {
            throw trouble.noClient(e);
        }
    }

    int brokers() {
        return get(admin.describeCluster().nodes()).size();
    }

    /** Those of the topics that are there. */
    Map<String, Found> find(Collection<String> names) {
        Map<String, TopicDescription> there = new HashMap<>();
        admin.describeTopics(names).topicNameValues().forEach((name, description) -> {
            try {
                there.put(name, await(description));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw told(e.getCause());
                }
            }
        });
        List<ConfigResource> resources = there.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Map<String, String>> settings = new HashMap<>();
        get(admin.describeConfigs(resources).all())
                .forEach((resource, config) -> settings.put(resource.name(), settings(config)));
        Map<String, Found> found = new HashMap<>();
        there.forEach((name, description) ->
                found.put(name, new Found(description.partitions().size(), settings.getOrDefault(name, Map.of()))));
        return found;
    }

    /** Does nothing where somebody else was quicker. */
    void create(String name, int partitions, int replication, Map<String, String> settings) {
        NewTopic topic = new NewTopic(name, partitions, (short) replication).configs(settings);
        try {
            await(admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw told(e.getCause());
            }
        }
    }

    /** Waits until all of them are there: a broker learns of a new topic a moment after its controller. */
    Map<String, Found> findAll(Collection<String> names) {
        Map<String, Found> found = find(names);
        while (!found.keySet().containsAll(names) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            found = find(names);
        }
        return found;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return await(future);
        } catch (ExecutionException e) {
            throw told(e.getCause());
        }
    }

    private <T> T await(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw told(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw told(e);
        }
    }

    private TopicProblems told(@Nullable Throwable e) {
        return trouble.when(e, "Describe and DescribeConfigs on the topics are needed, Create for petrel topics");
    }

    private static Map<String, String> settings(Config config) {
        return config.entries().stream()
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static int millis(Duration duration) {
        return (int) duration.toMillis();
    }
}
