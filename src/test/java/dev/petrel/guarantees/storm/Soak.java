package dev.petrel.guarantees.storm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The long storm: {@code mvn -q test-compile exec:exec@soak -Dsoak.minutes=30 -Dsoak.rate=200 -Dsoak.seed=1}. Prints the
 * seed, a line for each fault and a balance; leaves all that was recorded in a directory that it names, and exits with 1
 * if a promise was broken.
 */
public final class Soak {
    private static final int INSTANCES = 3;

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
        Duration length = Duration.ofMillis((long) (Double.parseDouble(property("minutes", "30")) * 60_000));
        int rate = Integer.parseInt(property("rate", "200"));
        long seed = Long.parseLong(property("seed", Long.toString(new SplittableRandom().nextLong(1_000_000))));
        String protocol = property("protocol", "classic");
        Path directory = Path.of("target", "soak-" + seed);
        Files.createDirectories(directory);
        say("seed %d, %d requests a second for %d s, protocol %s", seed, rate, length.toSeconds(), protocol);
        say("all that is recorded goes to %s", directory);
        List<Fault> faults = length.toSeconds() < 150
                ? Schedule.brief(seed, length, INSTANCES)
                : Schedule.of(seed, length, INSTANCES);
        try (Site site = new Site();
                Storm storm = new Storm(
                        site,
                        Weather.of(seed, length, faults)
                                .withProtocol(protocol)
                                .withRate(rate)
                                .withLogs(directory.toAbsolutePath()),
                        System.out::println)) {
            History history = storm.play();
            say(
                    "%d requests, %d events, %d calls",
                    history.requests().size(),
                    history.events().size(),
                    history.calls().size());
            boolean held = true;
            for (Observer observer : Observer.all()) {
                List<String> violations = observer.violations(history);
                say("%s %d", observer.name(), violations.size());
                violations.stream().limit(10).forEach(line -> say("  %s", line));
                held &= violations.isEmpty();
            }
            return held;
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
