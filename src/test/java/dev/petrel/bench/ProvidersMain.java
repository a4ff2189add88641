package dev.petrel.bench;

import dev.petrel.simulator.SimulatorMain;
import java.io.IOException;

/** The simulator as a process of its own, which ends with its standard input. */
final class ProvidersMain {
    private ProvidersMain() {}

    public static void main(String[] args) throws IOException {
        SimulatorMain.main(args);
        while (System.in.read() >= 0) {
            continue;
        }
        System.exit(0);
    }
}
