package dev.petrel.guarantees.storm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The long storm: {@code mvn -q test-compile exec:exec@soak -Dsoak.minutes=30 -Dsoak.rate=200 -Dsoak.seed=1
 * -Dsoak.protocol=classic}. Prints the seed, a line for each fault and a balance; leaves all that was recorded in a
 * directory that it names, and exits with 1 if a promise was broken.
 */
public final class Soak {
    private static final int INSTANCES = 3;
    /** Of one observer; the directory has the rest. */
    private static final int SHOWN = 10;
    /** Shorter ones are played as in {@code mvn verify}. */
    private static final Duration BRIEF = Duration.ofSeconds(150);

    private final Duration length = Duration.ofMillis((long) (Double.parseDouble(property("minutes", "30")) * 60_000));
    private final int rate = Integer.parseInt(property("rate", "200"));
    private final long seed =
            Long.parseLong(property("seed", Long.toString(new SplittableRandom().nextLong(1_000_000))));
    private final String protocol = property("protocol", "classic");

    private Soak() {}

    public static void main(String[] args) {
        boolean held = false;
        try {
            held = new Soak().run();
        } catch (Exception failed) {
            failed.printStackTrace();
        }
        System.exit(held ? 0 : 1);
    }

    private boolean run() throws Exception {
        Path directory = Path.of("target", "soak-" + protocol + "-" + seed);
        empty(directory);
        say("seed %d: %d requests a second for %d s, protocol %s", seed, rate, length.toSeconds(), protocol);
        say("all that is recorded goes to %s", directory);
        List<Fault> faults = length.compareTo(BRIEF) < 0
                ? Schedule.brief(seed, length, INSTANCES)
                : Schedule.of(seed, length, INSTANCES);
        Weather weather = Weather.of(seed, length, faults)
                .withInstances(INSTANCES)
                .withProtocol(protocol)
                .withRate(rate)
                .withLogs(directory.toAbsolutePath());
        try (Site site = new Site();
                Storm storm = new Storm(site, weather, System.out::println)) {
            return tell(storm.play(), directory);
        }
    }

    private boolean tell(History history, Path directory) throws Exception {
        Dump.of(history, directory);
        say("%nBalance");
        new Figures(history).tell(System.out::println);
        boolean held = true;
        for (Observer observer : Observer.all()) {
            List<String> violations = observer.violations(history);
            Files.write(directory.resolve(observer.name() + ".txt"), violations);
            say("%-32s %8s", observer.name(), violations.isEmpty() ? "held" : violations.size() + " violations");
            violations.stream().limit(SHOWN).forEach(violation -> say("  %s", violation));
            held &= violations.isEmpty();
        }
        say(held ? "The promises held." : "A promise was broken.");
        return held;
    }

    private static void empty(Path directory) throws Exception {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static String property(String name, String otherwise) {
        String value = System.getProperty("soak." + name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
