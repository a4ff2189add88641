package dev.petrel.app;

import dev.petrel.config.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The words behind a command, taken apart: what stands alone, options with their values, flags; and what is wrong with them. */
final class CommandLine {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{4}");

    final List<String> mistakes = new ArrayList<>();
    private final List<String> alone = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();
    private final Set<String> flags = new HashSet<>();

    /**
     * @param known the options there are, each with a value
     * @param knownFlags those without
     * @param mostAlone how many words may stand alone
     */
    CommandLine(List<String> words, List<String> known, List<String> knownFlags, int mostAlone) {
        for (int i = 0; i < words.size(); i++) {
            String[] parts = words.get(i).split("=", 2);
            if (!words.get(i).startsWith("-") && alone.size() < mostAlone) {
                alone.add(words.get(i));
            } else if (parts.length == 1 && knownFlags.contains(parts[0])) {
                flags.add(parts[0]);
            } else if (!known.contains(parts[0])) {
                // what stands where nothing may stand is perhaps a number
                String shown =
                        NUMBER.matcher(parts[0]).find() ? "a word of " + parts[0].length() + " characters" : parts[0];
                mistakes.add(shown + ": is no option; --help says what there is");
            } else if (parts.length == 2) {
                options.put(parts[0], parts[1]);
            } else if (i + 1 < words.size()) {
                options.put(parts[0], words.get(++i));
            } else {
                mistakes.add(parts[0] + ": needs a value");
            }
        }
    }

    /** Null where there is none. */
    @Nullable
    String alone(int place) {
        return place < alone.size() ? alone.get(place) : null;
    }

    /** Null where it is not given. */
    @Nullable
    String option(String name) {
        return options.get(name);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    int number(String option, int byDefault, int least, int most) {
        String value = options.get(option);
        if (value == null) {
            return byDefault;
        }
        int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : -1;
        if (number < least || number > most) {
            mistakes.add(Check.mistake(option, value, least + " to " + most));
        }
        return number;
    }
}
