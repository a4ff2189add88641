package dev.petrel.app;

import dev.petrel.kafka.DeadLetterReader;
import dev.petrel.kafka.DeadLetterReader.Listed;
import dev.petrel.message.NumberPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which records were no requests?
 *
 * @param last how many, of the newest
 * @param since how far back; null: to the first that is left
 */
record DeadLetterList(int last, @Nullable Duration since) implements Inquiry {
    static final int LAST = 20;

    @Override
    public int answer(Settings settings, Instant now, Consumer<String> out, Consumer<String> err) {
        Listed listed = new DeadLetterReader(settings.kafka(), new NumberPlan())
                .list(last, since == null ? null : now.minus(since), DeadLetterReader.PATIENCE);
        listed.letters().forEach(letter -> out.accept(letter.line()));
        if (listed.brokenOff() != null) {
            err.accept("not all of them: " + listed.brokenOff());
            return Main.FAILED;
        }
        if (listed.letters().isEmpty()) {
            err.accept("no dead letter" + (since == null ? "" : " since " + now.minus(since)));
        } else if (listed.more() > 0) {
            err.accept("and " + listed.more() + " older ones; --last N shows more");
        }
        return Main.OK;
    }
}
