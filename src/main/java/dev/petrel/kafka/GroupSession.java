package dev.petrel.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long the group waits for a member that says nothing before it gives his partitions to others, and what follows
 * from it: the lease, which must be over by then.
 */
public final class GroupSession {
    /** With the classic protocol, where the session is ours to set: see {@link KafkaClients#consumer()}. */
    public static final Duration CLASSIC_LEASE = Duration.ofSeconds(8);

    private static final Logger log = LoggerFactory.getLogger(GroupSession.class);
    /** What a lease is shorter than a session of the consumer protocol, at least. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    /** The session runs from the last heartbeat, which may lie an interval before the commit that renews the lease. */
    private static final Duration BEYOND_HEARTBEAT = Duration.ofSeconds(2);

    private static final Duration RECOMMENDED = Duration.ofSeconds(10);
    /** Of a session that is not known; Kafka's own default is 45 s. */
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);

    private static final String SESSION = "consumer.session.timeout.ms";
    private static final String HEARTBEAT = "consumer.heartbeat.interval.ms";
    private static final long LIMIT_SECONDS = 10;

    private GroupSession() {}

    /** Reads what the group's session is, off the event loop. Never fails: of what can't be read the shortest is taken. */
    public static Future<Duration> lease(KafkaConfig config, Admin admin, Vertx vertx) {
        return switch (config.groupProtocol()) {
            case CLASSIC -> Future.succeededFuture(CLASSIC_LEASE);
            case CONSUMER -> vertx.executeBlocking(() -> ofConsumer(config.groupId(), admin), false);
        };
    }

    private static Duration ofConsumer(String group, Admin admin) throws InterruptedException {
        try {
            ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
            Config settings = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .get(resource);
            Duration session = millis(SESSION, settings);
            Duration heartbeat = millis(HEARTBEAT, settings).plus(BEYOND_HEARTBEAT);
            if (session.compareTo(RECOMMENDED) > 0) {
                log.warn(
                        "the session of group {} is {} s, and a killed instance's partitions wait for it: set {}={} on the group"
                                + " (the brokers must allow it: group.consumer.min.session.timeout.ms), then restart every instance",
                        group,
                        session.toSeconds(),
                        SESSION,
                        RECOMMENDED.toMillis());
            }
            Duration lease = session.minus(heartbeat.compareTo(MARGIN) > 0 ? heartbeat : MARGIN);
            return lease.compareTo(session.dividedBy(2)) < 0 ? session.dividedBy(2) : lease;
        } catch (ExecutionException | TimeoutException | RuntimeException unknown) {
            log.warn(
                    "the session of group {} can't be read ({}): a lease of {} s is taken; let this principal describe the"
                            + " group's configuration",
                    group,
                    unknown.toString(),
                    SHORTEST_LEASE.toSeconds());
            return SHORTEST_LEASE;
        }
    }

    private static Duration millis(String name, @Nullable Config settings) {
        ConfigEntry entry = settings == null ? null : settings.get(name);
        if (entry == null) {
            throw new UnsupportedVersionException("no " + name);
        }
        return Duration.ofMillis(Long.parseLong(entry.value()));
    }
}
