/**
 * What Petrel costs beside the least that the same path could cost, how quickly it fails over, how quickly a status
 * partition is read back, and what the world can do to it by the port for receipts. Run by hand: {@link
 * dev.petrel.bench.Bench}, {@link dev.petrel.bench.Failover}, {@link dev.petrel.bench.Replay} and {@link
 * dev.petrel.bench.Flood}.
 */
package dev.petrel.bench;
