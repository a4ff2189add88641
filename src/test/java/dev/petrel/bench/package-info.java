/**
 * What Petrel costs beside the least that the same path could cost, and beside what one would write in an afternoon; how
 * quickly it fails over, how quickly a status partition is read back and a request found in it, and what the world can do
 * to it by the port for receipts. Run by hand: {@link dev.petrel.bench.Bench}, {@link dev.petrel.bench.HotParts},
 * {@link dev.petrel.bench.Failover}, {@link dev.petrel.bench.Replay} and {@link dev.petrel.bench.Flood}.
 */
package dev.petrel.bench;
