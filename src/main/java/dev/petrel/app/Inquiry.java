package dev.petrel.app;

import dev.petrel.kafka.TopicProblems;
import java.time.Instant;
import java.util.function.Consumer;

/** A command that asks Kafka something and prints the answer. */
interface Inquiry {
    /**
     * Blocks.
     *
     * @param out where each line of the answer goes
     * @param err where each line about the answer goes
     * @return the exit status
     * @throws TopicProblems if Kafka does not answer or refuses
     */
    int answer(Settings settings, Instant now, Consumer<String> out, Consumer<String> err);
}
