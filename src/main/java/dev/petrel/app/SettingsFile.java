package dev.petrel.app;

import dev.petrel.config.Check;
import dev.petrel.config.InvalidSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The settings file as flat keys: {@code petrel.routes[0].providers[1].id}. Every scalar stays the text that was
 * written, for YAML's own types would make a number of the sender {@code +15005550006} and {@code false} of the country
 * {@code NO}. An empty section or list is a key with an empty value.
 */
final class SettingsFile {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> mistakes = new ArrayList<>();

    private SettingsFile() {}

    /** @throws InvalidSettings if it can't be read, is no YAML, or has a key twice */
    static Map<String, String> read(Path path) {
        try {
            return parse(Files.readString(path, StandardCharsets.UTF_8), path.toString());
        } catch (NoSuchFileException e) {
            throw new InvalidSettings(List.of("--config: there is no file " + path));
        } catch (IOException e) {
            throw new InvalidSettings(List.of("--config: the file " + path + " can't be read as text"));
        }
    }

    static Map<String, String> parse(String yaml, String name) {
        Object root;
        try {
            root = yaml().load(yaml);
        } catch (MarkedYAMLException e) {
            // The exception quotes the line, and a secret may stand on it.
            String where = e.getProblemMark() == null
                    ? ""
                    : " at line " + (e.getProblemMark().getLine() + 1) + ", column "
                            + (e.getProblemMark().getColumn() + 1);
            throw new InvalidSettings(List.of(name + ": is no valid YAML" + where
                    + (e.getClass().getSimpleName().startsWith("DuplicateKey") ? ": the key is there twice" : "")));
        } catch (YAMLException e) {
            throw new InvalidSettings(List.of(name + ": is no valid YAML"));
        }
        if (root == null) {
            return Map.of();
        }
        if (!(root instanceof Map)) {
            throw new InvalidSettings(List.of(name + ": must be YAML that begins with the key petrel"));
        }
        SettingsFile file = new SettingsFile();
        file.flatten("", root);
        if (!file.mistakes.isEmpty()) {
            throw new InvalidSettings(file.mistakes);
        }
        return file.values;
    }

    private void flatten(String key, Object value) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((name, inner) -> flatten(key.isEmpty() ? "" + name : key + "." + name, orEmpty(inner)));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                flatten(key + "[" + i + "]", orEmpty(list.get(i)));
            }
        } else {
            String text = value instanceof Map || value instanceof List ? "" : value.toString();
            if (values.putIfAbsent(key, text) != null) {
                mistakes.add(Check.mistake(key, "there twice", "there once"));
            }
        }
    }

    private static Object orEmpty(@Nullable Object value) {
        return value == null ? "" : value;
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(20);
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new TextOnly());
    }

    /** Gives no scalar a type of its own, but for nothing at all, and for the merge key ({@code <<}). */
    private static final class TextOnly extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
