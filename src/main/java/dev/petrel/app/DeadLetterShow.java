package dev.petrel.app;

import dev.petrel.kafka.DeadLetterReader;
import dev.petrel.message.NumberPlan;
import dev.petrel.trace.DeadLetter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** What is wrong with this record? */
record DeadLetterShow(int partition, long offset) implements Inquiry {
    @Override
    public int answer(Settings settings, Instant now, Consumer<String> out, Consumer<String> err) {
        Optional<DeadLetter> letter = new DeadLetterReader(settings.kafka(), new NumberPlan()).show(partition, offset);
        if (letter.isEmpty()) {
            err.accept("no dead letter at " + partition + ":" + offset + "; petrel dlq list shows those there are");
            return Main.FAILED;
        }
        letter.get().lines().forEach(out);
        return Main.OK;
    }
}
