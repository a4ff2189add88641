package dev.petrel.console;

import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.Provider;
import dev.petrel.console.Board.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the instances say of each provider, in one line: breakers stand on every instance. */
final class Breakers {
    private Breakers() {}

    private record Look(String instance, InstanceLine.Provider provider) {}

    static List<Provider> of(List<Instance> instances, Instant now) {
        Map<String, List<Look>> looks = new TreeMap<>();
        for (Instance instance : instances) {
            if (instance.state() != State.LATE) {
                instance.line()
                        .providers()
                        .forEach((id, provider) -> looks.computeIfAbsent(id, first -> new ArrayList<>())
                                .add(new Look(instance.line().instance(), provider)));
            }
        }
        return looks.entrySet().stream()
                .map(entry -> provider(entry.getKey(), entry.getValue(), now))
                .toList();
    }

    private static Provider provider(String id, List<Look> looks, Instant now) {
        Set<String> states =
                looks.stream().map(look -> word(look.provider().breaker())).collect(Collectors.toSet());
        return new Provider(
                id,
                states.size() == 1 ? states.iterator().next() : "mixed",
                looks.stream()
                        .filter(look -> look.provider().isOpen())
                        .map(Look::instance)
                        .toList(),
                looks.size(),
                first(looks),
                looks.stream()
                        .map(look -> look.provider().shut())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                restingUntil(looks, now),
                looks.stream().mapToInt(look -> look.provider().inFlight()).sum(),
                looks.stream()
                        .mapToInt(look -> look.provider().failureRate())
                        .max()
                        .orElse(0));
    }

    private static @Nullable Instant first(List<Look> looks) {
        return looks.stream()
                .map(look -> look.provider().since())
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static @Nullable Instant restingUntil(List<Look> looks, Instant now) {
        return looks.stream()
                .map(look -> look.provider().restingUntil())
                .filter(until -> until != null && until.isAfter(now))
                .max(Instant::compareTo)
                .orElse(null);
    }

    /** The library's words for what an operator wants are not ours. */
    private static String word(String state) {
        return switch (state) {
            case "forced_open" -> "held_open";
            case "disabled" -> "held_closed";
            default -> state;
        };
    }
}
