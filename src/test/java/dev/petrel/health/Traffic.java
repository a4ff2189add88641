package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import dev.petrel.health.DeliveryHealth.Silence;
import dev.petrel.message.ReasonClass;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * Requests at a steady rate over providers that each have a mood, in virtual time: what a gateway would do that asks the
 * health and believes it. One country unless told otherwise.
 */
final class Traffic {
    static final Duration FAILOVER_AFTER = Duration.ofSeconds(20);
    static final String COUNTRY = "DE";

    final ManualTime time = new ManualTime();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Random random = new Random(20261124);
    final List<Duration> probes = new ArrayList<>();
    final Map<String, Integer> submissions = new HashMap<>();
    final Map<String, Duration> firstOut = new HashMap<>();
    final Map<Silence, Integer> silences = new HashMap<>();
    final DeliveryHealth health;
    boolean webhooks = true;
    boolean reachable = true;
    /** How many self calls fail before they go by {@link #reachable}. */
    int failingSelfCalls;

    int selfCalls;
    int failovers;
    int unreceipted;
    private final Map<String, Provider> providers = new HashMap<>();
    private int ids;

    Traffic() {
        this((provider, country) -> false);
    }

    /** @param handsetsReport as others have found out */
    Traffic(BiPredicate<String, String> handsetsReport) {
        this.health = new DeliveryHealth(() -> FAILOVER_AFTER, handsetsReport, time, new Meters(registry), () -> {
            selfCalls++;
            return Future.succeededFuture(reachable && selfCalls > failingSelfCalls);
        });
    }

    /** What becomes of what it takes. */
    static final class Provider {
        Duration latency = Duration.ofSeconds(3);
        /** How much less or more the latency may be, as a share of it. */
        double spread;

        double lost;
        boolean sentOnly;
        boolean sentFirst;
        boolean reports = true;
        double conversion;
        ReasonClass why;

        void silent() {
            lost = 1;
        }

        void fine() {
            lost = 0;
            why = null;
            sentOnly = false;
        }
    }

    Provider provider(String name) {
        return providers.computeIfAbsent(name, absent -> new Provider());
    }

    /** @param order the providers in the order they are tried; in turn where there are several orders */
    void run(Duration length, double perSecond, String... order) {
        long gap = (long) (1e9 / perSecond);
        long count = (long) (length.toNanos() / 1e9 * perSecond);
        for (long i = 0; i < count; i++) {
            String[] hops = order[(int) (i % order.length)].split(">");
            request(hops);
            time.advance(Duration.ofNanos(gap));
        }
    }

    void request(String... hops) {
        String id = "r" + ids++;
        boolean[] out = new boolean[hops.length];
        for (int i = 0; i < hops.length; i++) {
            out[i] = health.isOut(hops[i], COUNTRY, provider(hops[i]).reports);
            if (out[i]) {
                firstOut.putIfAbsent(hops[i], time.elapsed());
            }
        }
        for (int i = 0; i < hops.length; i++) {
            boolean last = i == hops.length - 1;
            if (!out[i] || health.mayTry(hops[i], COUNTRY) || last) {
                submit(id, hops, i, true);
                return;
            }
        }
    }

    private void submit(String id, String[] hops, int hop, boolean sole) {
        String name = hops[hop];
        Provider provider = provider(name);
        submissions.merge(name, 1, Integer::sum);
        Copy copy = health.submitted(id, name, COUNTRY, provider.reports, sole);
        boolean arrives = random.nextDouble() >= provider.lost;
        if (arrives && random.nextDouble() < provider.conversion) {
            time.after(provider.latency.plusSeconds(12), () -> health.verified(id));
        }
        if (!provider.reports) {
            return;
        }
        boolean[] done = new boolean[1];
        if (provider.sentOnly || provider.sentFirst) {
            time.after(Duration.ofSeconds(1), () -> {
                if (webhooks) {
                    copy.underway();
                }
            });
        }
        if (provider.sentOnly) {
            // and no more
        } else if (arrives || provider.why != null) {
            ReasonClass why = provider.why;
            double factor = 1 + provider.spread * (2 * random.nextDouble() - 1);
            time.after(Duration.ofNanos((long) (provider.latency.toNanos() * factor)), () -> {
                if (webhooks) {
                    done[0] = true;
                    if (arrives) {
                        copy.delivered();
                    } else {
                        copy.undelivered(why);
                    }
                } else {
                    unreceipted++;
                }
            });
        }
        time.after(FAILOVER_AFTER, () -> ask(copy, id, hops, hop, done));
        time.after(Duration.ofMinutes(5), copy::over);
    }

    private void ask(Copy copy, String id, String[] hops, int hop, boolean[] done) {
        if (done[0] || !copy.clockRuns()) {
            return;
        }
        Silence silence = health.silence(copy);
        silences.merge(silence, 1, Integer::sum);
        if (silence == Silence.FAIL_OVER) {
            failovers++;
            if (hop + 1 < hops.length) {
                submit(id, hops, hop + 1, false);
            }
        } else if (silence == Silence.UNDECIDED) {
            time.after(Duration.ofSeconds(1), () -> ask(copy, id, hops, hop, done));
        }
    }

    boolean bad(String provider) {
        return registry.get("petrel.delivery.health")
                        .tag("provider", provider)
                        .gauge()
                        .value()
                == 0;
    }

    boolean countryBad() {
        return registry.get("petrel.delivery.country.bad").gauge().value() == 1;
    }

    boolean deaf() {
        return registry.get("petrel.receipts.silent").gauge().value() == 1;
    }

    double alerts() {
        var counter =
                registry.find("petrel.alerts").tag("kind", "receipts_silent").counter();
        return counter == null ? 0 : counter.count();
    }
}
