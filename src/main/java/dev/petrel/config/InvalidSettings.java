package dev.petrel.config;

import java.util.List;

/** Settings that can't be, one line for each, as an operator should read them. */
public final class InvalidSettings extends IllegalArgumentException {
    private final List<String> mistakes;

    public InvalidSettings(List<String> mistakes) {
        super(String.join("; ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    public List<String> mistakes() {
        return mistakes;
    }
}
