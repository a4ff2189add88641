package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to, as {@code target/bench.json} has it. A field that is there keeps its name and meaning as long as the
 * format has the same number.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
        int format,
        String at,
        BenchSettings settings,
        Machine machine,
        List<Comparison> comparisons,
        InFlight.@Nullable Result inFlight,
        List<Aim> aims) {
    private static final int FORMAT = 3;

    static Report of(
            BenchSettings settings, Machine machine, List<Comparison> comparisons, InFlight.@Nullable Result inFlight) {
        return new Report(
                FORMAT,
                Instant.now().toString(),
                settings,
                machine,
                comparisons,
                inFlight,
                Aim.all(comparisons, inFlight));
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
