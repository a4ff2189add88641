package dev.petrel.bench;

import java.util.List;

/** All variants with providers that take so long. */
record Comparison(int latencyMillis, int inFlight, List<Series> variants) {}
