/**
 * Petrel in a sandbox: an embedded broker, two simulated providers, a stream of requests, and a minute in which things
 * go wrong. Open {@link dev.petrel.sandbox.Sandbox} first.
 */
package dev.petrel.sandbox;
