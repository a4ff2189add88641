package dev.petrel.sandbox;

import dev.petrel.app.Gateway;
import dev.petrel.client.PetrelClient;
import dev.petrel.client.Request;
import dev.petrel.client.Topics;
import dev.petrel.guarantees.Balance;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.Receipts;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * About two minutes of Petrel's life: calm, then one provider hangs, then it comes back and the other throttles, then one
 * takes everything and delivers nothing, then both are well. Ends with a balance of the promises; exits 0 only if they
 * held.
 *
 * <p>{@code -Dsandbox.rate=50} requests a second; {@code -Dsandbox.keep=true} keeps everything going afterwards, until
 * Ctrl-C.
 */
public final class Sandbox {
    private static final int RATE = Integer.getInteger("sandbox.rate", 50);
    private static final boolean KEEP = Boolean.getBoolean("sandbox.keep");
    private static final int ROW = 5;
    private static final String COUNTRY = "US";
    private static final String RECIPIENT = "+12025550199";
    private static final String USER = "sandbox-user-";
    private static final String TOKEN = "opens-nothing-but-this-sandbox-00";

    private final Platform platform;
    private final Story story = new Story();
    private final StatusReader statuses;
    private final RequestStream requests;
    /** The auth service of one user, who asks for a code in each chapter. */
    private final PetrelClient client;

    private int codes;

    private Sandbox(Platform platform) {
        this.platform = platform;
        this.client = new PetrelClient(
                Map.of("bootstrap.servers", platform.bootstrapServers()),
                new Topics(
                        platform.requestTopic(),
                        platform.statusTopic(),
                        platform.feedbackTopic(),
                        platform.availabilityTopic()),
                Clock.systemUTC());
        this.statuses = platform.statuses(story::event);
        this.requests = platform.requests("sandbox-");
    }

    public static void main(String[] args) throws Exception {
        boolean held;
        try (Platform platform = Platform.start()) {
            platform.gateway(settings());
            Sandbox sandbox = new Sandbox(platform);
            try (sandbox.client) {
                held = sandbox.run();
            }
        }
        System.exit(held ? 0 : 1);
    }

    private static String settings() throws IOException {
        int port = FreePorts.next();
        return """
                  management: { port: 0, tokens: "sandbox:%s" }
                  web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d" }
                  receipts: { keys: "k1:%s" }
                """.formatted(TOKEN, port, port, "0".repeat(32));
    }

    private boolean run() throws Exception {
        addresses();
        requests.start(RATE);
        story.chapter("Calm: " + RATE + " requests a second, twilio-main is first in the route, sns-eu second");
        user();
        rows(15);
        behave("twilio-main", Mode.blackHole());
        story.chapter("twilio-main hangs: it takes connections and never answers");
        user();
        rows(20);
        behave("twilio-main", Mode.healthy());
        behave("sns-eu", Mode.throttle(Duration.ofSeconds(2)));
        story.chapter("twilio-main is well again; sns-eu throttles, with Retry-After 2 s");
        rows(15);
        behave("sns-eu", Mode.healthy());
        Platform.get(platform.provider("twilio-main").behave(Behavior.healthy().withReceipts(Receipts.silent())));
        story.chapter("twilio-main takes everything and delivers nothing");
        user();
        rows(35);
        behave("twilio-main", Mode.healthy());
        story.chapter("Both are well");
        user();
        rows(15);
        if (KEEP) {
            story.chapter("Going on until Ctrl-C, for a look around");
            addresses();
            while (true) {
                rows(ROW);
            }
        }
        requests.pause();
        requests.flush();
        awaitFinals();
        return balance();
    }

    private void addresses() {
        story.line("console  " + management() + "/#token=" + TOKEN);
        story.line("health   " + management() + "/health/ready");
        story.line("metrics  " + management() + "/metrics");
        story.line("faults   " + platform.simulator().controlUrl() + "/providers   (see docs/simulator.md)");
        story.line("kafka    " + platform.broker().bootstrapServers());
    }

    private String management() {
        Gateway gateway = platform.gateways().get(0);
        return "http://127.0.0.1:" + gateway.managementPort();
    }

    private void behave(String provider, Mode mode) throws Exception {
        Platform.get(platform.provider(provider).behave(mode));
    }

    private void rows(int seconds) throws InterruptedException {
        for (int i = 0; i < seconds; i += ROW) {
            TimeUnit.SECONDS.sleep(ROW);
            story.row(
                    ROW,
                    requests.asked().size() + codes - statuses.finals(),
                    COUNTRY + " " + client.availability(COUNTRY).state().name().toLowerCase(Locale.ROOT));
        }
    }

    /** A user asks for a code, and types it. */
    private void user() {
        String id = USER + codes++;
        Instant asked = Instant.now();
        Request request =
                Request.of(id, RECIPIENT, String.format("%06d is a user's test code.", codes), Duration.ofMinutes(5));
        client.send(request, event -> {
                    if (event.status().equals("undelivered")) {
                        story.line("A user's code: " + event.provider().orElse("?") + " is given up on");
                    }
                })
                .thenAccept(end -> {
                    double seconds = Duration.between(asked, Instant.now()).toMillis() / 1000.0;
                    story.line(String.format(Locale.ROOT, "A user's code: %s after %.1f s", end.status(), seconds));
                    client.verified(id, RECIPIENT).exceptionally(lost -> {
                        story.line("That the user typed it was not told");
                        return null;
                    });
                });
    }

    private void awaitFinals() throws InterruptedException {
        Instant until = Instant.now().plusSeconds(30);
        while (statuses.finals() < requests.asked().size() + codes
                && Instant.now().isBefore(until)) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean balance() throws Exception {
        Balance balance = new Balance(
                requests.asked(),
                statuses.told().stream()
                        .filter(event -> !event.requestId().startsWith(USER))
                        .toList(),
                platform.seen().stream()
                        .filter(call ->
                                !call.to().equals(RECIPIENT) || !call.text().contains("user's"))
                        .toList());
        story.chapter("Balance");
        say("requests                    %d", balance.requests());
        balance.finals().forEach((status, count) -> say("final %-21s %d", status, count));
        say("taken twice                 %d", balance.doubles());
        say("sent after expiry           %d", balance.afterExpiry());
        balance.seenAndTold()
                .forEach((provider, counts) -> say("%-20s seen   %d, told %d", provider, counts[0], counts[1]));
        say(
                "seconds to submitted        %.2f (50 %%)  %.2f (95 %%)  %.2f (99 %%)",
                balance.secondsToSubmitted(0.5), balance.secondsToSubmitted(0.95), balance.secondsToSubmitted(0.99));
        alarms();
        List<String> violations = balance.violations();
        violations.stream().limit(20).forEach(violation -> say("BROKEN  %s", violation));
        say(violations.isEmpty() ? "The promises held." : violations.size() + " promises were broken.");
        return violations.isEmpty();
    }

    /** What the alert rules look at, where it has moved. */
    private void alarms() throws Exception {
        Platform.metrics(platform.gateways().get(0))
                .lines()
                .filter(line ->
                        line.matches("petrel_(alerts|slo_requests|skips)_total\\{.*} .*") && !line.endsWith(" 0.0"))
                .map(line -> line.replace("petrel_", "").replace("_total", ""))
                .forEach(line -> say("%s", line));
    }

    private static void say(String format, Object... values) {
        System.out.println("         " + String.format(java.util.Locale.ROOT, format, values));
    }
}
