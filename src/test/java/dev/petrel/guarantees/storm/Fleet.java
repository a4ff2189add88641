package dev.petrel.guarantees.storm;

import static org.awaitility.Awaitility.await;

import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The gateways, each in a slot, which its replacement takes over under another name. The name is also the sender that
 * providers see: so each call says who made it.
 */
final class Fleet implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final int CLEAN = 0;
    /** The stop did not end in time: what was in flight may be sent again, and it says so. */
    private static final int TOO_SLOW = 1;
    /** A virtual machine that is still coming up ends with the signal's status. */
    private static final int BEFORE_IT_BEGAN = 128 + 15;

    private final Path settings;
    private final Map<String, String> variables;
    private final String bootstrapServers;
    private final String detour;
    private final @Nullable Path patch;
    private final @Nullable Path logs;
    private final Map<Integer, Member> members = new TreeMap<>();
    private final Map<Integer, Integer> generations = new HashMap<>();
    private final Queue<String> mishaps = new ConcurrentLinkedQueue<>();

    private record Member(String name, GatewayProcess process) {}

    /**
     * @param variables of every gateway's environment
     * @param patch classes that take the place of Petrel's; null: none do
     * @param logs where their streams stay; null: they don't
     */
    Fleet(Platform platform, String detour, Map<String, String> variables, @Nullable Path patch, @Nullable Path logs)
            throws IOException {
        this.settings = platform.settingsFile("storm", logs == null ? "" : "  logging: { level: info }\n");
        settings.toFile().deleteOnExit();
        this.variables = variables;
        this.bootstrapServers = platform.bootstrapServers();
        this.detour = detour;
        this.patch = patch;
        this.logs = logs;
    }

    /** A new one in this slot, under a new name. */
    synchronized String start(int slot) throws IOException {
        String name = "g" + slot + "-" + generations.merge(slot, 1, Integer::sum);
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("PETREL_INSTANCE_ID", name);
        environment.put("PETREL_KAFKA_BOOTSTRAP_SERVERS", slot == Schedule.CUT_OFF ? detour : bootstrapServers);
        environment.put("PETREL_PROVIDERS_TWILIO_MAIN_FROM", name);
        environment.put("PETREL_PROVIDERS_SNS_EU_SENDER_ID", name);
        GatewayProcess process =
                new GatewayProcess.Launch(environment, patch, logs).start("--config", settings.toString());
        members.put(slot, new Member(name, process));
        return name;
    }

    /** Empty where nobody is in this slot. */
    synchronized String name(int slot) {
        Member member = members.get(slot);
        return member == null ? "" : member.name();
    }

    /** SIGTERM; whether it says, once it is gone, that it has left cleanly. */
    boolean stop(int slot) throws Exception {
        Member member = leave(slot);
        return member == null || end(member, member.process().terminate());
    }

    /** SIGKILL. */
    void kill(int slot) throws Exception {
        Member member = leave(slot);
        if (member != null) {
            member.process().kill();
            member.process().close();
        }
    }

    void freeze(int slot) {
        process(slot).freeze();
    }

    void wake(int slot) {
        process(slot).wake();
    }

    boolean ready(int slot) {
        return process(slot).ready();
    }

    void awaitReady() {
        for (int slot : slots()) {
            await().atMost(START).until(() -> ready(slot));
        }
    }

    synchronized List<Integer> slots() {
        return new ArrayList<>(members.keySet());
    }

    /** What no gateway should do: to end without being told, or with an error. */
    List<String> mishaps() {
        return new ArrayList<>(mishaps);
    }

    private synchronized GatewayProcess process(int slot) {
        Member member = members.get(slot);
        if (member == null) {
            throw new IllegalStateException("nobody is in slot " + slot);
        }
        return member.process();
    }

    /** Null where nobody is there. */
    private synchronized @Nullable Member leave(int slot) throws IOException {
        Member member = members.remove(slot);
        if (member != null && !member.process().alive()) {
            mishaps.add(
                    member.name() + " has ended by itself: " + member.process().err());
        }
        return member;
    }

    private boolean end(Member member, int status) throws Exception {
        if (status != CLEAN && status != TOO_SLOW && status != BEFORE_IT_BEGAN) {
            mishaps.add(member.name() + " was stopped and ended with " + status + ": "
                    + member.process().err());
        }
        member.process().close();
        return status != TOO_SLOW;
    }

    @Override
    public void close() throws Exception {
        for (int slot : slots()) {
            Member member = leave(slot);
            if (member != null) {
                member.process().close();
            }
        }
    }
}
