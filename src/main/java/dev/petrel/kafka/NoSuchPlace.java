package dev.petrel.kafka;

import java.util.List;

/** Somebody asked for a partition that a topic does not have, or for an offset that it has not reached. */
public final class NoSuchPlace extends TopicProblems {
    NoSuchPlace(String line) {
        super(List.of(line));
    }
}
