package dev.petrel.app;

import dev.petrel.config.Check;
import dev.petrel.config.InvalidSettings;
import dev.petrel.kafka.TopicSetup;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command line that was understood.
 *
 * @param config the settings file; empty for commands that need none
 * @param replication null: as many as make sense
 */
record Arguments(
        Command command,
        Path config,
        int partitions,
        @Nullable Integer replication) {

    static final String USAGE = """
            Petrel, a gateway for one-time codes by SMS

            petrel --config FILE          runs the gateway until it is told to stop (SIGTERM)
            petrel topics --config FILE   creates the topics that are missing, and says what is wrong with the others
                --partitions N            of new topics, unless a partner has a number already (default 12)
                --replication N           of new topics (default 3, or the number of brokers)
            petrel --version
            petrel --help

            petrel stands for: java -jar petrel.jar
            Exit status: 0 all is well, 1 it did not work, 2 the command line or the settings are wrong,
            3 the gateway could not go on.""";

    enum Command {
        RUN,
        TOPICS,
        HELP,
        VERSION
    }

    /** @throws InvalidSettings if it can't be understood */
    static Arguments parse(List<String> words) {
        if (words.contains("--help") || words.contains("-h")) {
            return new Arguments(Command.HELP, Path.of(""), 0, null);
        }
        if (words.contains("--version")) {
            return new Arguments(Command.VERSION, Path.of(""), 0, null);
        }
        boolean topics = !words.isEmpty() && words.get(0).equals("topics");
        List<String> known = topics ? List.of("--config", "--partitions", "--replication") : List.of("--config");
        List<String> mistakes = new ArrayList<>();
        Map<String, String> options = options(words.subList(topics ? 1 : 0, words.size()), known, mistakes);
        int partitions = number(options, "--partitions", TopicSetup.PARTITIONS, 10_000, mistakes);
        int replication = number(options, "--replication", 0, 100, mistakes);
        String config = options.getOrDefault("--config", "");
        if (config.isEmpty() && mistakes.isEmpty()) {
            mistakes.add("--config: is missing, must be the path of the settings file; --help says more");
        }
        Path path = path(config, mistakes);
        if (!mistakes.isEmpty()) {
            throw new InvalidSettings(mistakes);
        }
        return new Arguments(
                topics ? Command.TOPICS : Command.RUN, path, partitions, replication == 0 ? null : replication);
    }

    private static Map<String, String> options(List<String> words, List<String> known, List<String> mistakes) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String[] parts = words.get(i).split("=", 2);
            if (!known.contains(parts[0])) {
                mistakes.add(parts[0] + ": is no option; --help says what there is");
            } else if (parts.length == 2) {
                options.put(parts[0], parts[1]);
            } else if (i + 1 < words.size()) {
                options.put(parts[0], words.get(++i));
            } else {
                mistakes.add(parts[0] + ": needs a value");
            }
        }
        return options;
    }

    private static int number(
            Map<String, String> options, String option, int byDefault, int most, List<String> mistakes) {
        String value = options.get(option);
        if (value == null) {
            return byDefault;
        }
        int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
        if (number < 1 || number > most) {
            mistakes.add(Check.mistake(option, value, "1 to " + most));
        }
        return number;
    }

    private static Path path(String config, List<String> mistakes) {
        try {
            return Path.of(config);
        } catch (InvalidPathException e) {
            mistakes.add(Check.mistake("--config", config, "a path"));
            return Path.of("");
        }
    }
}
