package dev.petrel.console;

import dev.petrel.console.Board.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of codes that go another way for the same reason are one decision: from the first of them until there was none
 * for a minute.
 */
final class Decisions {
    private static final long GAP = Duration.ofMinutes(1).toMillis();
    private static final long OVER = Duration.ofSeconds(30).toMillis();
    private static final int MOST = 500;
    private static final int SHOWN = 50;

    private final Map<Key, Episode> latest = new HashMap<>();

    private record Key(
            String country, @Nullable String from, @Nullable String to, String why) {}

    private static final class Episode {
        long first;
        long last;
        long codes;
        String words = "";
    }

    /** @param words asked for at the first code of an episode */
    void saw(
            String country,
            @Nullable String from,
            @Nullable String to,
            String why,
            long atMillis,
            Supplier<String> words) {
        Episode episode = latest.computeIfAbsent(new Key(country, from, to, why), first -> new Episode());
        if (episode.codes == 0 || atMillis - episode.last > GAP) {
            episode.first = atMillis;
            episode.last = atMillis;
            episode.codes = 0;
            episode.words = words.get();
        }
        episode.codes++;
        episode.last = Math.max(episode.last, atMillis);
        if (atMillis < episode.first && episode.first - atMillis <= GAP) {
            episode.first = atMillis; // partitions are not read in the order of time
        }
        if (latest.size() > MOST) {
            forgetTheOldest();
        }
    }

    private void forgetTheOldest() {
        latest.entrySet().stream()
                .min(Comparator.comparingLong(entry -> entry.getValue().last))
                .map(Map.Entry::getKey)
                .ifPresent(latest::remove);
    }

    /** Those that are not older than this, the latest first. */
    List<Decision> since(Instant oldest, Instant now) {
        return latest.entrySet().stream()
                .filter(entry -> entry.getValue().last >= oldest.toEpochMilli())
                .map(entry -> decision(entry.getKey(), entry.getValue(), now.toEpochMilli()))
                .sorted(Comparator.comparing(Decision::over)
                        .thenComparing(Decision::at, Comparator.reverseOrder())
                        .thenComparing(Decision::key))
                .toList();
    }

    static List<Decision> shown(List<Decision> all) {
        return all.size() > SHOWN ? all.subList(0, SHOWN) : all;
    }

    private static Decision decision(Key key, Episode episode, long now) {
        return new Decision(
                key.country + "/" + key.from + "/" + key.to + "/" + key.why,
                Instant.ofEpochMilli(episode.first),
                Instant.ofEpochMilli(episode.last),
                key.country,
                key.from,
                key.to,
                key.why,
                episode.words,
                episode.codes,
                now - episode.last > OVER);
    }
}
