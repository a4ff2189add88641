package dev.petrel.kafka;

import java.util.List;

/** Why Petrel can't work with the topics as they are: one line each, as an operator should read them. */
public class TopicProblems extends RuntimeException {
    private final transient List<String> lines;

    public TopicProblems(List<String> lines) {
        super(String.join("; ", lines));
        this.lines = List.copyOf(lines);
    }

    public List<String> lines() {
        return lines;
    }
}
