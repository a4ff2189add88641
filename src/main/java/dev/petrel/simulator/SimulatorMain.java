package dev.petrel.simulator;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The simulator as a program: says where it listens, and runs until it is told to stop. */
public final class SimulatorMain {
    private static final long CLOSING_SECONDS = 5;

    private SimulatorMain() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(Arguments.USAGE);
            return;
        }
        SimulatorSettings settings;
        try {
            settings = Arguments.read(arguments);
        } catch (IllegalArgumentException mistake) {
            System.err.println(mistake.getMessage());
            System.err.print(Arguments.USAGE);
            System.exit(2);
            return;
        }
        run(settings);
    }

    private static void run(SimulatorSettings settings) {
        // writes no files, so that it runs where nothing may be written
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Simulator simulator;
        try {
            simulator = Simulator.start(vertx, settings).await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(simulator, vertx), "simulator-close"));
        announce(simulator, System.out);
    }

    private static void announce(Simulator simulator, PrintStream out) {
        out.println("control    " + simulator.controlUrl());
        for (SimulatedProvider provider : simulator.providers()) {
            out.println(provider.name() + " (" + provider.vendor().wire() + ")    " + provider.url());
        }
        out.flush();
    }

    private static void close(Simulator simulator, Vertx vertx) {
        try {
            simulator.close().eventually(vertx::close).await(CLOSING_SECONDS, TimeUnit.SECONDS);
            System.out.println("closed");
        } catch (Exception e) {
            System.err.println("not closed within " + CLOSING_SECONDS + " s");
        }
    }
}
