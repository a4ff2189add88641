package dev.petrel.monitoring;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression asks for: as much of a parser as that takes.
 *
 * @param labels by the metric that they are asked of
 * @param grouping labels by which results are put together
 */
record Question(Map<String, Set<String>> labels, Set<String> grouping) {
    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern WORD = Pattern.compile("(?<![\\w:.])([a-zA-Z_][\\w:]*)\\s*(?:(\\()|\\{([^}]*)\\})?");
    private static final Set<String> KEYWORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

    static Question of(String expression) {
        String rest = TEXT.matcher(expression).replaceAll("''");
        Set<String> grouping = new TreeSet<>();
        Matcher group = GROUPING.matcher(rest);
        while (group.find()) {
            names(group.group(1)).forEach(grouping::add);
        }
        rest = RANGE.matcher(GROUPING.matcher(rest).replaceAll(" ")).replaceAll(" ");
        Map<String, Set<String>> labels = new LinkedHashMap<>();
        Matcher word = WORD.matcher(rest);
        while (word.find()) {
            if (word.group(2) == null && !KEYWORDS.contains(word.group(1).toLowerCase(Locale.ROOT))) {
                Set<String> asked = labels.computeIfAbsent(word.group(1), first -> new LinkedHashSet<>());
                if (word.group(3) != null) {
                    names(word.group(3).replaceAll("!?=~?''|!~''", "")).forEach(asked::add);
                }
            }
        }
        return new Question(labels, grouping);
    }

    private static Set<String> names(String list) {
        Set<String> names = new LinkedHashSet<>();
        for (String name : list.split(",")) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }
}
