package dev.petrel.simulator;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a provider takes to answer: log-normal, as the durations of calls over a network are, given by two points of
 * the curve. Equal points are a fixed time.
 *
 * @param median half of the answers come sooner
 * @param p99 one in a hundred comes later
 */
public record Latency(Duration median, Duration p99) {
    /** The 99th percentile of the standard normal distribution. */
    private static final double Z99 = 2.3263478740408408;

    private static final Duration LONGEST = Duration.ofHours(1);

    /** After the longest, which its making asks for. */
    public static final Latency NONE = fixed(Duration.ZERO);

    public Latency {
        if (median.isNegative() || median.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("median: is " + median.toMillis() + " ms, must be 0 to 3600000 ms");
        }
        if (p99.compareTo(median) < 0 || p99.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "p99: is " + p99.toMillis() + " ms, must be at least the median and at most 3600000 ms");
        }
        if (median.isZero() && !p99.isZero()) {
            throw new IllegalArgumentException("median: is 0 ms, must be above 0 where p99 is");
        }
    }

    public static Latency fixed(Duration duration) {
        return new Latency(duration, duration);
    }

    public static Latency fixed(long millis) {
        return fixed(Duration.ofMillis(millis));
    }

    public static Latency of(long medianMillis, long p99Millis) {
        return new Latency(Duration.ofMillis(medianMillis), Duration.ofMillis(p99Millis));
    }

    /** One draw, in whole milliseconds; never more than an hour. */
    long sampleMillis(RandomGenerator random) {
        if (median.equals(p99)) {
            return median.toMillis();
        }
        double sigma = Math.log((double) p99.toNanos() / median.toNanos()) / Z99;
        double millis = median.toNanos() / 1e6 * Math.exp(sigma * random.nextGaussian());
        return Math.min(Math.round(millis), LONGEST.toMillis());
    }
}
