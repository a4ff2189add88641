package dev.petrel.guarantees.storm;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Petrel with one line of it wrong, to see whether anybody notices. */
final class BrokenGateway {
    private static final Path SOURCES = Path.of("src", "main", "java");

    private BrokenGateway() {}

    /**
     * Compiles one source file with a change.
     *
     * @param source its path below the package {@code dev.petrel}
     * @param text that must be there exactly once
     * @return where the classes are that take the place of the right ones
     */
    static Path with(String source, String text, String replacement) throws IOException {
        Path file = SOURCES.resolve("dev/petrel").resolve(source);
        String right = Files.readString(file);
        int at = right.indexOf(text);
        if (at < 0 || right.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException(source + (at < 0 ? " does not say " : " says more than once ") + text);
        }
        String wrong = right.substring(0, at) + replacement + right.substring(at + text.length());
        Path classes = Files.createTempDirectory("broken-gateway");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        boolean compiled = compiler.getTask(
                        complaints,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-nowarn",
                                "-parameters",
                                "-d",
                                classes.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(source(file, wrong)))
                .call();
        if (!compiled) {
            throw new IllegalStateException(source + " does not compile: " + complaints);
        }
        deleteOnExit(classes);
        return classes;
    }

    private static JavaFileObject source(Path file, String text) {
        URI uri = URI.create("string:///" + SOURCES.relativize(file).toString().replace(File.separatorChar, '/'));
        return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private static void deleteOnExit(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            files.forEach(file -> file.toFile().deleteOnExit()); // the last to be named is the first to go
        }
    }
}
