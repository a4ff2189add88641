package dev.petrel.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** What several rounds came to. */
record Spread(double median, double min, double max) {
    /** @param values one at least */
    static Spread of(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Spread(median(sorted), sorted[0], sorted[sorted.length - 1]);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** By how much the mean of the last third is above that of the first; 0.1 is a tenth. */
    static double rise(double... inOrder) {
        int third = (inOrder.length + 2) / 3;
        double first = Arrays.stream(inOrder, 0, third).average().orElse(0);
        double last = Arrays.stream(inOrder, inOrder.length - third, inOrder.length)
                .average()
                .orElse(0);
        return last / first - 1;
    }

    /** @param format of one value */
    String tell(String format) {
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", median, min, max);
    }
}
