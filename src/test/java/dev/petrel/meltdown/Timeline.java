package dev.petrel.meltdown;

import java.time.Duration;

/**
 * When what goes wrong, from the first request on.
 *
 * @param rate requests a second
 * @param silent the first provider takes everything and delivers nothing
 * @param hangs the second hangs for half of the numbers
 * @param killed one of two instances
 * @param end providers are well again
 * @param recovery how long requests go on after that
 */
record Timeline(int rate, Duration silent, Duration hangs, Duration killed, Duration end, Duration recovery) {
    static Timeline full() {
        return new Timeline(100, seconds(60), seconds(120), seconds(180), seconds(300), seconds(240));
    }

    static Timeline brief() {
        return new Timeline(40, seconds(15), seconds(50), seconds(75), seconds(100), seconds(1));
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
