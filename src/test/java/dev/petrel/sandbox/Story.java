package dev.petrel.sandbox;

import dev.petrel.guarantees.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Tells what happens as it happens, from what stands on the status topic. Safe for any thread. */
final class Story {
    private final Instant start = Instant.now();
    private final Map<String, Integer> submitted = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private final Map<String, Instant> lastSkip = new HashMap<>();
    private final Set<String> toldOf = ConcurrentHashMap.newKeySet();
    private double slowest;

    synchronized void chapter(String happens) {
        toldOf.clear();
        print("");
        print(time() + "  " + happens);
    }

    synchronized void line(String words) {
        print(time() + "  " + words);
    }

    synchronized void event(Told event) {
        if (event.isAttempt()) {
            if (event.status().equals("submitted")) {
                submitted.merge(event.provider(), 1, Integer::sum);
            } else {
                failures.merge(event.provider() + " " + event.reasonClass(), 1, Integer::sum);
                once(
                        "fails " + event.provider() + event.reasonClass(),
                        "Petrel: " + event.provider() + " did not take a code (" + event.reasonClass() + " after "
                                + event.event()
                                        .path("attempt")
                                        .path("durationMs")
                                        .asLong()
                                + " ms); the next provider follows at once");
            }
        }
        if (event.status().equals("undelivered")) {
            once(
                    "silent " + event.provider(),
                    "Petrel: " + event.provider() + " took a code, and it did not arrive ("
                            + event.event().path("reason").path("detail").asText() + "); the next provider follows");
        }
        event.event().path("skipped").forEach(skip -> {
            String provider = skip.path("provider").asText();
            String reason = skip.path("reason").asText();
            lastSkip.put(provider, Instant.now());
            once("skips " + provider + reason, "Petrel: " + provider + " is passed over from now on (" + reason + ")");
        });
        if (event.isFinal()) {
            slowest = Math.max(slowest, event.event().path("elapsedMs").asLong() / 1000.0);
        }
        if (event.status().equals("submitted") && lastSkip.containsKey(event.provider())) {
            Duration since = Duration.between(lastSkip.get(event.provider()), Instant.now());
            if (since.compareTo(Duration.ofSeconds(1)) > 0) {
                lastSkip.remove(event.provider());
                toldOf.removeIf(key -> key.contains(" " + event.provider()));
                line("Petrel: " + event.provider() + " is back in the plan");
            }
        }
    }

    private void once(String key, String words) {
        if (toldOf.add(key)) {
            line(words);
        }
    }

    /** One row of codes a second by provider, over the seconds since the last row. */
    synchronized void row(int seconds, long open, String availability) {
        StringBuilder row = new StringBuilder();
        submitted.forEach(
                (provider, count) -> row.append(String.format("  %s %5.1f/s", provider, count / (double) seconds)));
        failures.forEach((what, count) -> row.append(String.format("  %s x%d", what, count)));
        row.append(String.format("  slowest %.1f s  open %d  %s", slowest, open, availability));
        print(time() + "          " + row.toString().strip());
        submitted.replaceAll((provider, count) -> 0);
        failures.clear();
        slowest = 0;
    }

    private String time() {
        return String.format("%5.1f s", Duration.between(start, Instant.now()).toMillis() / 1000.0);
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
