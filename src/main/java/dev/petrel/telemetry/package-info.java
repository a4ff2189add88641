/**
 * Petrel's part of the traces of whoever traces: OpenTelemetry, off unless a collector is named. It hears what is told of
 * requests and makes spans of it; nothing waits for it. The only home of OpenTelemetry. Open {@link
 * dev.petrel.telemetry.Tracing} first. What {@code petrel trace} shows is in {@code trace}, and another thing.
 */
package dev.petrel.telemetry;
