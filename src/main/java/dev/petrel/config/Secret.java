package dev.petrel.config;

/** A setting that nobody may see: it prints as stars. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "********";
    }
}
