package dev.petrel.app;

import dev.petrel.config.Check;
import dev.petrel.config.InvalidSettings;
import dev.petrel.config.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings by key out of the file and the environment, and notes what is wrong instead of stopping at it: each
 * mistake leaves a value that does no harm, so that the rest can be read and checked too. What was asked for is what is
 * known; the rest of the file is a mistake.
 */
final class SettingsReader {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)?");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

    /** Number plans without an ISO code (Ascension, Tristan da Cunha, Kosovo), and numbers of no country. */
    private static final Set<String> MORE_COUNTRIES = Set.of("AC", "TA", "XK", "001");

    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final SettingsSource source;
    private final Set<String> known = new HashSet<>();
    private final Set<String> knownBelow = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();
    private final Set<String> mistakes = new LinkedHashSet<>();

    SettingsReader(SettingsSource source) {
        this.source = source;
    }

    String text(String key, String byDefault) {
        return orElse(value(key), byDefault);
    }

    /** @param allowed in words, for the message if it is missing; then an empty text is what is read */
    String required(String key, String allowed) {
        String value = value(key);
        if (value == null && !unreadable.contains(key)) {
            wrong(key, "missing", allowed);
        }
        return orElse(value, "");
    }

    @Nullable
    String optional(String key) {
        return value(key);
    }

    Duration duration(String key, String byDefault) {
        String value = text(key, byDefault);
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            wrong(key, value, "a duration such as 5m, 30s or 1500ms");
            return duration(byDefault);
        }
        return duration(value);
    }

    long bytes(String key, String byDefault) {
        String value = text(key, byDefault);
        if (!BYTES.matcher(value).matches()) {
            wrong(key, value, "a size such as 32MiB, 512KiB or 1GiB");
            return bytes(byDefault);
        }
        return bytes(value);
    }

    int number(String key, int byDefault) {
        Integer value = optionalNumber(key);
        return value == null ? byDefault : value;
    }

    @Nullable
    Integer optionalNumber(String key) {
        String value = value(key);
        if (value == null) {
            return null;
        }
        if (!NUMBER.matcher(value).matches()) {
            wrong(key, value, "a whole number");
            return null;
        }
        return Integer.valueOf(value);
    }

    @Nullable
    URI uri(String key) {
        String value = value(key);
        if (value == null) {
            return null;
        }
        try {
            URI uri = new URI(value);
            if (uri.getRawUserInfo() == null) {
                return uri;
            }
            // Not shown: a password is in it.
            wrong(key, "a URL with a user", "one without");
        } catch (URISyntaxException e) {
            wrong(key, value, "a URL");
        }
        return null;
    }

    /** A word that stands for a constant: its name in lower case. */
    <T extends Enum<T>> T word(String key, T byDefault) {
        String value = text(key, word(byDefault));
        T[] all = byDefault.getDeclaringClass().getEnumConstants();
        for (T constant : all) {
            if (word(constant).equals(value)) {
                return constant;
            }
        }
        wrong(key, value, Stream.of(all).map(SettingsReader::word).collect(Collectors.joining(" or ")));
        return byDefault;
    }

    /** A YAML list, or one text with commas, which is how the environment writes it. */
    List<String> list(String key, List<String> byDefault) {
        String raw = raw(key);
        int count = source.count(key);
        IntStream.range(0, count).forEach(i -> known.add(key + "[" + i + "]"));
        if (raw != null) {
            return Stream.of(raw.split(","))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
        }
        return count == 0
                ? byDefault
                : IntStream.range(0, count)
                        .mapToObj(i -> orElse(value(key + "[" + i + "]"), ""))
                        .toList();
    }

    Set<String> countries(String key) {
        Set<String> countries = new LinkedHashSet<>(list(key, List.of()));
        for (String country : countries) {
            if (!COUNTRIES.contains(country) && !MORE_COUNTRIES.contains(country)) {
                wrong(key, country, "ISO 3166 codes of two capital letters, for example US");
            }
        }
        return countries;
    }

    int count(String key) {
        return source.count(key);
    }

    List<String> namesBelow(String key) {
        return source.namesBelow(key);
    }

    /** Everything below a key as it is, dots in the names included. */
    Map<String, String> map(String key) {
        known.add(key);
        Map<String, String> map = new LinkedHashMap<>();
        for (String name : source.fileKeys()) {
            if (name.startsWith(key + ".")) {
                map.put(name.substring(key.length() + 1), orElse(value(name), ""));
            }
        }
        return map;
    }

    /** As {@link #map}, with what the environment adds. */
    Map<String, String> mapWithVariables(String key) {
        Map<String, String> map = map(key);
        map.putAll(source.variablesBelow(key));
        return map;
    }

    /** A secret out of {@code key} or out of the file that {@code key-file} names: one of both. */
    Secret secret(String key) {
        String value = value(key);
        String path = value(key + "-file");
        if (value != null && path != null) {
            wrong(key, "there, and " + key + "-file too", "there alone");
        }
        if (value == null && path != null) {
            value = content(key + "-file", path);
        } else if (value == null && !unreadable.contains(key) && !unreadable.contains(key + "-file")) {
            wrong(key, "missing", "${A_VARIABLE}, or " + key + "-file the path of a file");
        }
        if (value == null) {
            // Whatever stands here is never used: the mistake was noted.
            return new Secret("missing");
        }
        source.hide(value);
        return new Secret(value);
    }

    /** Whether it is set, be it to nothing that can be used. */
    boolean isSet(String key) {
        return value(key) != null || unreadable.contains(key);
    }

    /** Whether a mistake of this key was noted. */
    boolean isUnreadable(String key) {
        return unreadable.contains(key);
    }

    /** Shows it in no mistake. */
    void hide(String secret) {
        source.hide(secret);
    }

    private @Nullable String content(String key, String path) {
        try {
            String content = Files.readString(Path.of(path)).strip();
            if (!content.isEmpty()) {
                return content;
            }
            wrong(key, path, "a file with the secret in it; it is empty");
        } catch (IOException | IllegalArgumentException e) {
            wrong(key, path, "a file that can be read");
        }
        return null;
    }

    /** Makes a record, whose mistakes are noted here; null if there were any. */
    <T> @Nullable T make(Supplier<T> record) {
        try {
            return record.get();
        } catch (InvalidSettings e) {
            for (String mistake : e.mistakes()) {
                // What could not be read was told already, and the record saw only what stands in for it.
                if (unreadable.stream().noneMatch(key -> mistake.startsWith(key + ":"))) {
                    mistakes.add(mistake);
                }
            }
            return null;
        }
    }

    void wrong(String key, Object value, String allowed) {
        unreadable.add(key);
        mistakes.add(Check.mistake(key, value, allowed));
    }

    /** Every key that was asked for so far. */
    Set<String> known() {
        return Set.copyOf(known);
    }

    /** For sections that can't be understood: none of their keys is told as unknown. */
    void ignoreBelow(String key) {
        known.add(key);
        knownBelow.add(key);
    }

    /** @throws InvalidSettings with everything that was noted, and every key of the file that nobody asked for */
    void done() {
        for (String key : source.fileKeys()) {
            if (!isKnown(key)) {
                boolean section = known.stream().anyMatch(name -> isBelow(name, key));
                mistakes.add(key + (section ? ": must be a section, with keys of its own" : ": is no setting"));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidSettings(
                    mistakes.stream().map(source::withoutSecrets).toList());
        }
    }

    private boolean isKnown(String key) {
        if (known.contains(key) || knownBelow.stream().anyMatch(section -> isBelow(key, section))) {
            return true;
        }
        // A section of ours without anything in it.
        return source.isEmptyInFile(key) && known.stream().anyMatch(name -> isBelow(name, key));
    }

    private static boolean isBelow(String key, String section) {
        return key.startsWith(section + ".") || key.startsWith(section + "[");
    }

    /** Null where it is not set, and where it is set to nothing. */
    private @Nullable String value(String key) {
        String raw = raw(key);
        return raw == null || raw.isEmpty() ? null : raw;
    }

    private @Nullable String raw(String key) {
        known.add(key);
        SettingsSource.Value value = source.value(key);
        for (String variable : value.unset()) {
            unreadable.add(key);
            mistakes.add(key + ": names the variable " + variable + ", which is not set");
        }
        return value.text();
    }

    /** @throws IllegalArgumentException if this is none */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static long bytes(String text) {
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        int shift = switch (orElse(matcher.group(2), "B")) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
        return Long.parseLong(matcher.group(1)) << shift;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String orElse(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }
}
