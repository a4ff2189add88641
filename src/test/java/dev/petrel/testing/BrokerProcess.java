package dev.petrel.testing;

import dev.petrel.testing.EmbeddedBroker.Place;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A broker that can be stopped, frozen and started again without its clients: in a process of its own, at the same
 * ports and with what it held.
 */
public final class BrokerProcess implements AutoCloseable {
    private static final String READY = "broker at ";

    private final Place place;
    private ChildProcess process;

    private BrokerProcess(Place place) throws IOException {
        this.place = place;
        startAgain();
    }

    public static BrokerProcess start(Place place) throws IOException {
        return new BrokerProcess(place);
    }

    /** The process's own main. Ends when its standard input does. */
    public static void main(String[] args) throws IOException {
        EmbeddedBroker broker = EmbeddedBroker.start(new Place(
                Path.of(args[0]),
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4])));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::stop));
        System.out.println(READY + broker.bootstrapServers());
        System.out.flush();
        while (System.in.read() >= 0) {
            // nobody says anything
        }
        System.exit(0);
    }

    public String bootstrapServers() {
        return place.bootstrapServers();
    }

    /** In order; returns when it is gone. */
    public void stop() throws InterruptedException {
        process.close();
    }

    /** Returns when it can be reached. */
    public void startAgain() throws IOException {
        process = ChildProcess.start(
                BrokerProcess.class,
                place.directory().toString(),
                Integer.toString(place.port()),
                Integer.toString(place.controllerPort()),
                Integer.toString(place.detour()),
                Integer.toString(place.advertised()));
        process.awaitLine(line -> line.startsWith(READY));
        ChildProcess started = process;
        Runtime.getRuntime().addShutdownHook(new Thread(started.process()::destroyForcibly));
        Thread rest = new Thread(() -> drain(started), "output-of-broker");
        rest.setDaemon(true);
        rest.start();
    }

    /** A pipe that is full would stop it. */
    private static void drain(ChildProcess process) {
        try {
            process.awaitLine(line -> false);
        } catch (IOException ended) {
            // with the process
        }
    }

    public void freeze() {
        Signals.freeze(process.process());
    }

    public void wake() {
        Signals.wake(process.process());
    }

    @Override
    public void close() throws InterruptedException {
        wake();
        stop();
        place.delete();
    }
}
