/**
 * Petrel's part of the traces of whoever traces: OpenTelemetry, off unless a collector is named. It hears what is told of
 * requests and makes spans of it; nothing waits for it. Vert.x's own tracing is not used: it would show the URLs of our
 * calls, with account ids, and of callbacks, with tokens. The only home of OpenTelemetry. Open {@link
 * dev.petrel.telemetry.Tracing} first. What {@code petrel trace} shows is in {@code trace}, and another thing.
 */
package dev.petrel.telemetry;
