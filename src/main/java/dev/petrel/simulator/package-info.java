/**
 * The vendors' HTTP, misbehaving on command: what tests, the sandbox, load tests and operators who rehearse an outage
 * run Petrel against. It speaks as Twilio and SNS do, each provider on a port of its own, keeps what it was sent, and
 * takes orders as JSON on a control port. It delivers nothing and checks no signature; receipts it sends and signs, and
 * it knows which handsets would have got their message. Open {@link dev.petrel.simulator.Simulator} first, then {@link
 * dev.petrel.simulator.Mode} and {@link dev.petrel.simulator.Receipts}; {@link dev.petrel.simulator.BehaviorJson} tells
 * the JSON.
 */
package dev.petrel.simulator;
