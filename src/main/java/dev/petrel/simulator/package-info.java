/**
 * The vendors' HTTP, misbehaving on command: what tests, the sandbox, load tests and operators who rehearse an outage
 * run Petrel against. It speaks as Twilio and SNS do, each provider on a port of its own, keeps what it was sent, and
 * takes orders as JSON on a control port; it delivers nothing, checks no signature and sends no receipts. Open {@link
 * dev.petrel.simulator.Simulator} first, then {@link dev.petrel.simulator.Mode}; {@link
 * dev.petrel.simulator.BehaviorJson} tells the JSON.
 */
package dev.petrel.simulator;
