package dev.petrel.app;

/** How log lines look and from which level on they are written. */
public record LoggingConfig(Format format, Level level) {

    /** Lines for people, or one JSON object a line for machines. */
    public enum Format {
        TEXT,
        JSON
    }

    /** As SLF4J has them. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }
}
