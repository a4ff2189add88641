package dev.petrel.guarantees.storm;

import java.util.List;

/** P3: where nothing unclean hit the instance that sent a request, nobody sends it once more. */
final class NotDoubledWhenClean implements Observer {
    @Override
    public List<String> violations(History history) {
        return Doubled.all(history).stream()
                .filter(doubled -> doubled.unclean().isEmpty())
                .map(Doubled::toString)
                .toList();
    }
}
