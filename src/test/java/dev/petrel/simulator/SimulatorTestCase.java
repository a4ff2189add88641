package dev.petrel.simulator;

import static dev.petrel.simulator.Client.got;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One provider of each vendor on free ports, a client, and their end. */
abstract class SimulatorTestCase {
    static final String NUMBER = "+14155550132";

    Vertx vertx;
    Client client;
    Simulator simulator;
    SimulatedProvider twilio;
    SimulatedProvider sns;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        client = new Client(vertx);
        simulator = got(Simulator.start(
                vertx, settings().withProvider("twilio-main", Vendor.TWILIO).withProvider("sns-eu", Vendor.SNS)));
        twilio = simulator.provider("twilio-main");
        sns = simulator.provider("sns-eu");
    }

    SimulatorSettings settings() {
        return SimulatorSettings.onFreePorts();
    }

    SimulatedProvider provider(Vendor vendor) {
        return vendor == Vendor.TWILIO ? twilio : sns;
    }

    @AfterEach
    void close() {
        got(simulator.close());
        got(vertx.close());
    }
}
