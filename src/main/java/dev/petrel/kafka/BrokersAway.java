package dev.petrel.kafka;

import java.util.List;

/** No broker can be reached, or none answers in time: perhaps later. */
public final class BrokersAway extends TopicProblems {
    public BrokersAway(String line) {
        super(List.of(line));
    }
}
