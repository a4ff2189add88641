package dev.petrel.app;

import dev.petrel.config.Check;
import dev.petrel.config.InvalidSettings;
import dev.petrel.kafka.TopicSetup;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command line that was understood.
 *
 * @param config the settings file; empty for commands that need none
 * @param replication null: as many as make sense
 * @param inquiry null where the command is none
 * @param route null where the command asks no running instance for the way of a code
 */
record Arguments(
        Command command,
        Path config,
        int partitions,
        @Nullable Integer replication,
        @Nullable Inquiry inquiry,
        @Nullable RouteInquiry route) {

    static final String USAGE = """
            Petrel, a gateway for one-time codes by SMS

            petrel --config FILE          runs the gateway until it is told to stop (SIGTERM)
            petrel topics --config FILE   creates the topics that are missing, and says what is wrong with the others
                --partitions N            of new topics, unless a partner has a number already (default 12)
                --replication N           of new topics (default 3, or the number of brokers)
            petrel trace ID --config FILE says what became of a request: each event, why, and how it stands
                --partition N, --at TIME  where its events are and when it was made, about (2026-11-24T04:05:00Z);
                                          otherwise all partitions of the last 30 minutes are read
                --source PARTITION:OFFSET the request's own place, which says both
                --json                    the events as they stand on the status topic
            petrel dlq list --config FILE lists records that were no requests, the newest last
                --last N                  how many at the most (default 20)
                --since 1h                how far back
            petrel dlq show PARTITION:OFFSET --config FILE
                                          one of them, its texts and numbers masked
            petrel instances --config FILE
                                          which instances run, what they own and how they see the providers
            petrel explain --to +NUMBER   asks an instance that runs where a code would go now, and why; sends nothing.
                                          Its token in the variable PETREL_TOKEN; needs no settings file
                --tenant T, --providers A,B
                                          as a request would name them
                --url URL                 of its management port (default http://127.0.0.1:8081)
                --token-file FILE         the token, in place of the variable
                --json                    the answer as it came
            petrel --version
            petrel --help

            petrel stands for: java -jar petrel.jar
            Exit status: 0 all is well, 1 it did not work or nothing was found, 2 the command line or the settings
            are wrong, 3 the gateway could not go on.""";

    enum Command {
        RUN,
        TOPICS,
        INQUIRY,
        EXPLAIN,
        HELP,
        VERSION
    }

    /** @throws InvalidSettings if it can't be understood */
    static Arguments parse(List<String> words) {
        if (words.contains("--help") || words.contains("-h")) {
            return new Arguments(Command.HELP, Path.of(""), 0, null, null, null);
        }
        if (words.contains("--version")) {
            return new Arguments(Command.VERSION, Path.of(""), 0, null, null, null);
        }
        List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
        return switch (words.isEmpty() ? "" : words.get(0)) {
            case "topics" ->
                topics(new CommandLine(rest, List.of("--config", "--partitions", "--replication"), List.of(), 0));
            case "trace" -> {
                List<String> known = List.of("--config", "--partition", "--at", "--source");
                CommandLine line = new CommandLine(rest, known, List.of("--json"), 1);
                yield made(Command.INQUIRY, line, 0, null, Inquiries.trace(line));
            }
            case "instances" ->
                made(
                        Command.INQUIRY,
                        new CommandLine(rest, List.of("--config"), List.of(), 0),
                        0,
                        null,
                        new InstanceList());
            case "dlq" -> {
                CommandLine line = new CommandLine(rest, List.of("--config", "--last", "--since"), List.of(), 2);
                yield made(Command.INQUIRY, line, 0, null, Inquiries.deadLetters(line));
            }
            case "explain" -> {
                List<String> known = List.of("--to", "--tenant", "--providers", "--url", "--token-file", "--token");
                CommandLine line = new CommandLine(rest, known, List.of("--json"), 0);
                RouteInquiry route = Inquiries.explain(line);
                if (!line.mistakes.isEmpty()) {
                    throw new InvalidSettings(line.mistakes);
                }
                yield new Arguments(Command.EXPLAIN, Path.of(""), 0, null, null, route);
            }
            default ->
                made(
                        Command.RUN,
                        new CommandLine(words, List.of("--config"), List.of(), 0),
                        TopicSetup.PARTITIONS,
                        null,
                        null);
        };
    }

    private static Arguments topics(CommandLine line) {
        int partitions = line.number("--partitions", TopicSetup.PARTITIONS, 1, 10_000);
        Integer replication =
                line.option("--replication") == null ? null : (Integer) line.number("--replication", 0, 1, 100);
        return made(Command.TOPICS, line, partitions, replication, null);
    }

    private static Arguments made(
            Command command,
            CommandLine line,
            int partitions,
            @Nullable Integer replication,
            @Nullable Inquiry inquiry) {
        String config = line.option("--config");
        if ((config == null || config.isEmpty()) && line.mistakes.isEmpty()) {
            line.mistakes.add("--config: is missing, must be the path of the settings file; --help says more");
        }
        Path path = path(config == null ? "" : config, line.mistakes);
        if (!line.mistakes.isEmpty()) {
            throw new InvalidSettings(line.mistakes);
        }
        return new Arguments(command, path, partitions, replication, inquiry, null);
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
