/**
 * What Petrel costs beside the least that the same path could cost, how quickly it fails over, and how quickly a
 * status partition is read back and one request is found in it. Run by hand: {@link dev.petrel.bench.Bench}, {@link dev.petrel.bench.Failover} and {@link
 * dev.petrel.bench.Replay}.
 */
package dev.petrel.bench;
