package dev.petrel.guarantees.storm;

import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.TopicEnds;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.Rule;
import dev.petrel.testing.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Plays faults on gateways under load, mends everything, waits for what is open, stops all in order, and gives the {@link
 * History} of it.
 *
 * <p>Every status, call and committed offset is on record, by the one clock of this machine.
 */
final class Storm implements AutoCloseable {
    private static final int PARTITIONS = 6;
    private static final Duration SETTLED = Duration.ofSeconds(120);
    /** Until one that joined has worked for a while. */
    private static final Duration STAYS = Duration.ofSeconds(5);
    /** Numbers that only this provider blocks, and those that only the other one does. */
    private static final double BLOCKED = 0.04;

    private final Weather weather;
    private final Site site;
    private final Platform platform;
    private final Consumer<String> log;
    private final Fleet fleet;
    private final Load load;
    private final Recorder recorder;
    private final Admin admin;
    private final Queue<Episode> episodes = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(8);
    private final Map<Fault.Row, Lock> rows = Map.of(
            Fault.Row.INSTANCES, new ReentrantLock(true),
            Fault.Row.BROKER, new ReentrantLock(true),
            Fault.Row.PROVIDERS, new ReentrantLock(true));
    private long begun = System.nanoTime();

    /** @param log a line for each thing that happens */
    Storm(Site site, Weather weather, Consumer<String> log) throws Exception {
        this.weather = weather;
        this.site = site;
        this.log = log;
        int calls = (int) (weather.length().toSeconds() + 600) * weather.perSecond() * 3;
        this.platform = Platform.at(site.broker().bootstrapServers(), PARTITIONS, calls);
        this.admin = platform.admin();
        Map<String, String> variables = new HashMap<>(weather.variables());
        variables.put("PETREL_KAFKA_GROUP_PROTOCOL", weather.protocol());
        this.fleet = new Fleet(platform, site.detour(), variables, weather.patch(), weather.logs());
        this.load = new Load(platform, weather.seed(), weather.lives());
        this.recorder = new Recorder(platform);
    }

    History play() throws Exception {
        if (weather.protocol().equals("consumer")) {
            shortenSessions();
        }
        behave("twilio-main", null);
        behave("sns-eu", null);
        for (int slot = 0; slot < weather.instances(); slot++) {
            fleet.start(slot);
        }
        fleet.awaitReady();
        await().atMost(Duration.ofSeconds(60)).until(() -> recorder.owned() == PARTITIONS);
        try (CommitWatch commits = new CommitWatch(admin, platform.group())) {
            begun = System.nanoTime();
            load.start(weather.perSecond());
            List<ScheduledFuture<?>> faults = new ArrayList<>();
            for (Fault fault : weather.faults()) {
                faults.add(timer.schedule(() -> strikeSafely(fault), fault.at().toMillis(), TimeUnit.MILLISECONDS));
            }
            join(faults);
            timer.schedule(() -> {}, left(weather.length()), TimeUnit.NANOSECONDS)
                    .get();
            load.pause();
            say("the load is over");
            mend();
            settle();
            for (int slot : fleet.slots()) {
                stop(Fault.Kind.STOP, slot);
            }
            say("all have stopped");
            readToTheEnd();
            return history(commits.commits());
        }
    }

    private long left(Duration length) {
        return Math.max(0, length.toNanos() - (System.nanoTime() - begun));
    }

    /** Each fault ends what it began, so when all have run everything is as before. */
    private static void join(List<ScheduledFuture<?>> faults) throws ExecutionException, InterruptedException {
        for (ScheduledFuture<?> fault : faults) {
            fault.get();
        }
    }

    private void strikeSafely(Fault fault) {
        Lock row = rows.get(fault.row());
        row.lock(); // the one before may have taken longer than it should
        try {
            strike(fault);
        } catch (Exception failed) {
            failures.add(failed);
            say("%s failed: %s", fault.kind().words(), failed);
        } finally {
            row.unlock();
        }
    }

    /** One task for one fault, from its beginning to its end: the thread waits in between for a timer. */
    private void strike(Fault fault) throws Exception {
        String name = fleet.name(fault.slot());
        switch (fault.kind()) {
            case STOP -> {
                say("SIGTERM to %s", name);
                stop(fault.kind(), fault.slot());
                pause(fault.lasts());
                replace(fault.slot());
            }
            case KILL -> {
                say("SIGKILL to %s", name);
                episode(fault.kind(), name, () -> fleet.kill(fault.slot()));
                pause(fault.lasts());
                replace(fault.slot());
            }
            case FREEZE -> {
                say("SIGSTOP to %s for %.1f s", name, seconds(fault.lasts()));
                episode(fault.kind(), name, () -> {
                    fleet.freeze(fault.slot());
                    pause(fault.lasts());
                    fleet.wake(fault.slot());
                });
                say("%s goes on", name);
            }
            case VISIT -> {
                String visitor = fleet.start(fault.slot());
                say("%s joins for %.1f s", visitor, seconds(fault.lasts()));
                pause(fault.lasts());
                say("%s leaves", visitor);
                stop(fault.kind(), fault.slot());
            }
            case STOP_IN_JOIN -> {
                String visitor = fleet.start(Schedule.VISITOR);
                say("%s joins", visitor);
                pause(fault.lasts());
                say("SIGTERM to %s meanwhile", name);
                stop(fault.kind(), fault.slot());
                replace(fault.slot());
                pause(STAYS);
                stop(fault.kind(), Schedule.VISITOR);
                say("%s has left", visitor);
            }
            case SILENCE, CUT -> {
                say("%s for %.1f s between %s and the broker", fault.kind().words(), seconds(fault.lasts()), name);
                episode(fault.kind(), name, () -> {
                    if (fault.kind() == Fault.Kind.CUT) {
                        site.proxy().cut();
                    } else {
                        site.proxy().silence();
                    }
                    pause(fault.lasts());
                    site.proxy().open();
                });
                say("%s reaches the broker again", name);
            }
            case BROKER_RESTART -> {
                say("the broker goes down for %.1f s", seconds(fault.lasts()));
                episode(fault.kind(), "", () -> {
                    site.broker().stop();
                    pause(fault.lasts());
                    site.broker().startAgain();
                });
                say("the broker is back");
            }
            case BROKER_FREEZE -> {
                say("SIGSTOP to the broker for %.1f s", seconds(fault.lasts()));
                episode(fault.kind(), "", () -> {
                    site.broker().freeze();
                    pause(fault.lasts());
                    site.broker().wake();
                });
                say("the broker goes on");
            }
            case PROVIDERS -> {
                Mode mode = fault.mode();
                String names = String.join(" and ", fault.providers());
                say("%s: %s for %.1f s", names, mode == null ? "" : mode.kind().wire(), seconds(fault.lasts()));
                episode(fault.kind(), "", () -> {
                    for (String provider : fault.providers()) {
                        behave(provider, mode);
                    }
                    pause(fault.lasts());
                    for (String provider : fault.providers()) {
                        behave(provider, null);
                    }
                });
                say("%s: well again", names);
            }
        }
    }

    private void replace(int slot) throws Exception {
        say("%s starts", fleet.start(slot));
    }

    private interface Step {
        void take() throws Exception;
    }

    /** A stop is clean if the instance says so. */
    private void stop(Fault.Kind kind, int slot) throws Exception {
        String name = fleet.name(slot);
        Set<Integer> partitions = recorder.owned(name);
        Instant from = Instant.now();
        boolean clean = fleet.stop(slot);
        episodes.add(new Episode(kind, name, partitions, from, Instant.now(), clean));
        if (!clean) {
            say("%s has not left cleanly", name);
        }
    }

    private void episode(Fault.Kind kind, String instance, Step step) throws Exception {
        Set<Integer> partitions = recorder.owned(instance);
        Instant from = Instant.now();
        step.take();
        episodes.add(new Episode(kind, instance, partitions, from, Instant.now(), kind.clean()));
    }

    private void pause(Duration duration) throws ExecutionException, InterruptedException {
        timer.schedule(() -> {}, duration.toMillis(), TimeUnit.MILLISECONDS).get();
    }

    /** Providers as they are between troubles, or in this one; some numbers they block in either case. */
    private void behave(String provider, @Nullable Mode trouble) throws Exception {
        List<Rule> rules = new ArrayList<>();
        if (provider.equals("twilio-main")) {
            rules.add(Mode.error("30450").forShare(BLOCKED));
        } else {
            rules.add(
                    trouble == null
                            ? Mode.healthy().forShare(BLOCKED)
                            : trouble.forShare(BLOCKED)); // the other one's share
            rules.add(new Mode.Error("InvalidParameter", null, "not in your protect configuration").forShare(BLOCKED));
        }
        if (trouble != null) {
            rules.add(trouble.forEverything());
        }
        Platform.get(platform.provider(provider).behave(new Behavior(rules, weather.latency())));
    }

    private void mend() throws Exception {
        behave("twilio-main", null);
        behave("sns-eu", null);
        fleet.awaitReady();
        say("everything is well again");
    }

    private void settle() {
        try {
            List<Asked> asked = load.asked();
            await().atMost(weather.patience())
                    .until(() -> asked.stream().allMatch(request -> recorder.isOver(request.requestId())));
        } catch (ConditionTimeoutException open) {
            say("some requests have no final yet, and it is given up"); // the observers will name them
        }
    }

    private void readToTheEnd() throws Exception {
        long statuses = TopicEnds.total(admin, platform.statusTopic());
        long letters = TopicEnds.total(admin, platform.deadLetterTopic());
        await().atMost(SETTLED).until(() -> recorder.statuses() == statuses && recorder.letterCount() == letters);
    }

    private History history(List<Commit> commits) {
        List<String> mishaps = new ArrayList<>(fleet.mishaps());
        failures.forEach(failure -> mishaps.add("a fault could not be played: " + failure));
        return new History(
                load.asked(),
                load.malformed(),
                recorder.events(),
                recorder.marks(),
                platform.seen(),
                recorder.letters(),
                commits,
                new ArrayList<>(episodes),
                mishaps);
    }

    private void shortenSessions() throws Exception {
        Map<String, String> settings =
                Map.of("consumer.session.timeout.ms", "10000", "consumer.heartbeat.interval.ms", "1000");
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, platform.group()),
                        settings.entrySet().stream()
                                .map(each -> new AlterConfigOp(
                                        new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
                                .toList()))
                .all()
                .get();
    }

    private void say(String format, Object... values) {
        double at = (System.nanoTime() - begun) / 1e9;
        log.accept(String.format(Locale.ROOT, "%7.1f s  ", at) + String.format(Locale.ROOT, format, values));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    @Override
    public void close() throws Exception {
        timer.shutdownNow();
        load.close();
        recorder.close();
        fleet.close();
        admin.close(Duration.ofSeconds(2));
        platform.close();
    }
}
