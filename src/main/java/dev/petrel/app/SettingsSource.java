package dev.petrel.app;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The file and the environment as one.
 *
 * <p>The environment wins over the file ({@code PETREL_KAFKA_GROUP_ID} is {@code petrel.kafka.group-id}, by the rules of
 * MicroProfile Config). <code>${NAME}</code> in the file is the variable of that name, as it is: what comes from the
 * environment is never expanded itself, for a secret may hold any character.
 */
final class SettingsSource {
    private static final Pattern VARIABLE = Pattern.compile("(\\$?)\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::([^}]*))?}");

    /** What Kubernetes puts in the place of a port where a service has the name of one of our sections. */
    private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.*");

    private static final int FILE_ORDINAL = 100;
    private static final int ENV_ORDINAL = 300;

    /** Shorter texts are no secrets worth the name, and may be part of any message. */
    private static final int SHORTEST_SECRET = 6;

    private final Map<String, String> file;
    private final Map<String, String> env;
    private final Map<String, String> ours;
    private final SmallRyeConfig config;
    private final Map<String, String> hidden = new HashMap<>();

    SettingsSource(Map<String, String> file, Map<String, String> env) {
        this.file = file;
        this.env = env;
        this.ours = env.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("PETREL_"))
                .filter(variable -> !SERVICE_LINK.matcher(variable.getValue()).matches())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        this.config = new SmallRyeConfigBuilder()
                .withSources(
                        new PropertiesConfigSource(file, "file", FILE_ORDINAL), new EnvConfigSource(ours, ENV_ORDINAL))
                .build();
    }

    /**
     * What is set for a key.
     *
     * @param text null where nothing is, or where a variable is not set
     * @param unset names of the variables that the text needs and that are not set
     */
    record Value(@Nullable String text, List<String> unset) {}

    Value value(String key) {
        var found = config.getConfigValue(key);
        String raw = found.getRawValue();
        return raw == null || found.getConfigSourceOrdinal() != FILE_ORDINAL
                ? new Value(raw, List.of())
                : expanded(raw.strip());
    }

    Set<String> fileKeys() {
        return file.keySet();
    }

    /** Whether the file has nothing at this key: no value, or an empty one. */
    boolean isEmptyInFile(String key) {
        return file.getOrDefault(key, "").isEmpty();
    }

    /** How many elements the file's list has. */
    int count(String key) {
        Pattern element = Pattern.compile(Pattern.quote(key) + "\\[([0-9]{1,4})].*");
        return file.keySet().stream()
                .map(element::matcher)
                .filter(Matcher::matches)
                .mapToInt(matcher -> Integer.parseInt(matcher.group(1)) + 1)
                .max()
                .orElse(0);
    }

    /** The names directly below a key, in the file's order: the environment can't add to them. */
    List<String> namesBelow(String key) {
        return file.keySet().stream()
                .filter(name -> name.startsWith(key + "."))
                .map(name -> name.substring(key.length() + 1).split("[.\\[]", 2)[0])
                .distinct()
                .toList();
    }

    /** What the environment adds to a section whose names have dots only: there an underscore stands for the dot. */
    Map<String, String> variablesBelow(String key) {
        String prefix = key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_";
        return ours.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(prefix))
                .collect(Collectors.toMap(
                        variable -> variable.getKey()
                                .substring(prefix.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        Map.Entry::getValue));
    }

    /** From now on this is not told any more. */
    void hide(String secret) {
        hidden.put(secret, "********");
    }

    /** A message without what came out of variables, and without what is hidden. */
    String withoutSecrets(String mistake) {
        String told = mistake;
        for (Map.Entry<String, String> secret : hidden.entrySet()) {
            if (secret.getKey().length() >= SHORTEST_SECRET) {
                told = told.replace(secret.getKey(), secret.getValue());
            }
        }
        return told;
    }

    private Value expanded(String raw) {
        Matcher matcher = VARIABLE.matcher(raw);
        StringBuilder expanded = new StringBuilder();
        List<String> unset = new ArrayList<>();
        while (matcher.find()) {
            String name = matcher.group(2);
            String variable = env.getOrDefault(name, "");
            if (!matcher.group(1).isEmpty()) {
                variable = matcher.group().substring(1);
            } else if (variable.isEmpty() && matcher.group(3) != null) {
                variable = matcher.group(3);
            } else if (variable.isEmpty()) {
                unset.add(name);
            } else {
                hidden.put(variable, "${" + name + "}");
            }
            matcher.appendReplacement(expanded, Matcher.quoteReplacement(variable));
        }
        return new Value(unset.isEmpty() ? matcher.appendTail(expanded).toString() : null, unset);
    }
}
