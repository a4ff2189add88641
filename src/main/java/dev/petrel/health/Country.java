package dev.petrel.health;

import dev.petrel.metrics.Meters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers of one country, as far as they were asked for. Where all of them are bad, be it one or more, the country
 * is: it may be its networks, and passing over everybody helps nobody. One that is not known to be bad is worth a try.
 */
final class Country {
    private static final Logger log = LoggerFactory.getLogger(Country.class);

    final String name;

    private final Map<String, ProviderHealth> providers = new LinkedHashMap<>();
    private final Share explorers = new Share();
    private long trustedIn = -1;
    private volatile boolean bad;

    Country(String name, Meters meters) {
        this.name = name;
        meters.gauge(
                "petrel.delivery.country.bad",
                "1 where every provider is bad, and so none is passed over",
                null,
                () -> bad ? 1 : 0,
                "country",
                name);
    }

    ProviderHealth provider(String provider, Function<String, ProviderHealth> make) {
        return providers.computeIfAbsent(provider, make);
    }

    Iterable<ProviderHealth> providers() {
        return providers.values();
    }

    boolean bad() {
        return bad;
    }

    /**
     * Whether all that may be tried are silent or give no receipts, and there are both. Several that are silent at once speak for
     * our deafness, and so do codes that were typed without a receipt.
     *
     * @param most how many may be silent
     */
    boolean nobodyElseReports(int most) {
        boolean anyMute = false;
        int silent = 0;
        for (ProviderHealth provider : providers.values()) {
            anyMute |= provider.mute();
            if (!provider.mute() && !provider.bad()) {
                silent++;
                if (provider.unheard() == 0 || provider.typedThoughUnheard()) {
                    return false;
                }
            }
        }
        return anyMute && silent >= 1 && silent <= most;
    }

    /** @param epoch the stretch between two ears for which it holds */
    void trustOurEars(long epoch) {
        trustedIn = epoch;
    }

    boolean trustsOurEars(long epoch) {
        return trustedIn == epoch;
    }

    void judge(long now, long failoverAfter) {
        boolean badNow = true;
        for (ProviderHealth provider : providers.values()) {
            provider.judge(now, failoverAfter);
            badNow &= provider.bad();
        }
        if (badNow != bad) {
            bad = badNow;
            if (badNow) {
                log.warn("country={} every provider is bad: none is passed over", name);
            } else {
                log.info("country={} is no longer bad as a whole", name);
            }
        }
    }

    /**
     * Whether a new request should leave this silent provider to the others, so that we hear whether they are silent
     * too. Only the provider with the most unheard copies is left, so that nobody is told that all are out.
     */
    boolean explores(ProviderHealth silent, long now) {
        if (silent.unheard() == 0) {
            return false;
        }
        boolean anyoneElse = providers.size() == 1; // others may not have been asked for yet
        for (ProviderHealth other : providers.values()) {
            if (other.unheard() > silent.unheard()) {
                return false;
            }
            anyoneElse |= other != silent && !other.bad();
        }
        return anyoneElse && explorers.take(now, true);
    }
}
