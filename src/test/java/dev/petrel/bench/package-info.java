/**
 * What Petrel costs beside the least that the same path could cost, and how quickly it fails over. Run by hand: {@link
 * dev.petrel.bench.Bench} and {@link dev.petrel.bench.Failover}.
 */
package dev.petrel.bench;
