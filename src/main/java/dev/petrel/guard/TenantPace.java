package dev.petrel.guard;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How many requests a second a tenant may send, on this instance. They are counted by their record's timestamp and not by
 * when they are read: what had to wait in Kafka, for nobody took it or its partition moved, is not refused for it. And ten
 * seconds at a time: a producer that could not reach its broker for some seconds then writes all that it has, and where the
 * broker sets timestamps all of it has one. Those that wait are not delayed further but refused: a code that is late is worth
 * nothing, and whoever sends too much, by mistake or on somebody's account, must be told.
 *
 * <p>What lay on a partition when it was taken over is not counted: an earlier owner may have, and his backlog comes on top
 * of what is ours. What came in by HTTP was counted there, where there is an answer to say so. Used on one event loop.
 */
public final class TenantPace {
    private static final int WINDOW_SECONDS = 10;
    /** Of each tenant, so many windows are remembered: requests come nearly in the order of their time. */
    private static final int WINDOWS = 100;

    private final Supplier<GuardConfig> config;
    private final Map<String, Map<Long, Integer>> counts = new HashMap<>();

    public TenantPace(Supplier<GuardConfig> config) {
        this.config = config;
    }

    /** Counts a request that nobody has begun before. */
    Admission take(SendRequest request) {
        String name = request.tenant();
        Integer most = name == null || request.paced()
                ? null
                : config.get().tenant(name).maxPerSecond();
        if (name == null || most == null) {
            return Admission.ADMITTED;
        }
        int count = counts.computeIfAbsent(name, first -> new Recent())
                .merge(request.recordedAt().getEpochSecond() / WINDOW_SECONDS, 1, Integer::sum);
        return count <= most * WINDOW_SECONDS
                ? Admission.ADMITTED
                : new Admission.Refused(
                        Status.REJECTED,
                        Reason.of(ReasonClass.LIMIT, "tenant: more than its " + most + " requests a second"));
    }

    private static final class Recent extends LinkedHashMap<Long, Integer> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
            return size() > WINDOWS;
        }
    }
}
