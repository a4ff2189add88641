package dev.petrel.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line of {@link SimulatorMain}, read into {@link SimulatorSettings}. */
final class Arguments {
    static final String USAGE = """
            usage: java -cp petrel.jar dev.petrel.simulator.SimulatorMain --provider NAME=VENDOR:PORT ...
              --provider NAME=VENDOR:PORT  a provider; VENDOR is twilio or sns, PORT 0 any free one; again for the next
              --control-port PORT          where it is told how to behave (9090)
              --host ADDRESS               what all ports are bound to (127.0.0.1)
              --latency TIME[..TIME]       until an answer: fixed, or median..99th percentile, such as 50ms..400ms (0ms)
              --credential NAME=VALUE      asked of this provider's clients: Twilio's auth token, AWS's access key id
              --max-calls N                kept for each provider (200000)
              --no-calls                   keeps none, only counts
              --seed N                     of the latencies that are drawn (1)
              --help
            """;

    private static final Pattern PROVIDER = Pattern.compile("([^=]+)=([^:]+):([0-9]{1,5})");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,7})(ms|s)");

    private final Map<String, SimulatorSettings.Provider> providers = new LinkedHashMap<>();
    private final Map<String, String> credentials = new HashMap<>();
    private String host = "127.0.0.1";
    private int controlPort = 9090;
    private Latency latency = Latency.NONE;
    private int maxCalls = SimulatorSettings.DEFAULT_MAX_CALLS;
    private long seed = 1;

    private Arguments() {}

    /** @throws IllegalArgumentException says in one line which option is wrong, and what would be right */
    static SimulatorSettings read(String... arguments) {
        Arguments read = new Arguments();
        Iterator<String> words = Arrays.asList(arguments).iterator();
        while (words.hasNext()) {
            read.option(words.next(), words);
        }
        return read.settings();
    }

    private void option(String option, Iterator<String> words) {
        switch (option) {
            case "--provider" -> provider(value(option, words));
            case "--control-port" -> controlPort = (int) whole(option, value(option, words), 65535);
            case "--host" -> host = value(option, words);
            case "--latency" -> latency = latency(value(option, words));
            case "--credential" -> credential(value(option, words));
            case "--max-calls" -> maxCalls = (int) whole(option, value(option, words), 100_000_000);
            case "--no-calls" -> maxCalls = 0;
            case "--seed" -> seed = whole(option, value(option, words), Long.MAX_VALUE);
            default -> throw new IllegalArgumentException(option + ": no such option");
        }
    }

    private SimulatorSettings settings() {
        if (providers.isEmpty()) {
            throw new IllegalArgumentException("--provider: at least one is needed");
        }
        for (String name : credentials.keySet()) {
            if (!providers.containsKey(name)) {
                throw new IllegalArgumentException("--credential: no provider is named " + name);
            }
        }
        List<SimulatorSettings.Provider> all = new ArrayList<>();
        providers
                .values()
                .forEach(each -> all.add(new SimulatorSettings.Provider(
                        each.name(), each.vendor(), each.port(), credentials.get(each.name()))));
        return new SimulatorSettings(host, controlPort, all, latency, maxCalls, seed);
    }

    private void provider(String value) {
        Matcher parts = PROVIDER.matcher(value);
        if (!parts.matches()) {
            throw new IllegalArgumentException("--provider: is " + value + ", must be NAME=VENDOR:PORT");
        }
        SimulatorSettings.Provider provider = new SimulatorSettings.Provider(
                parts.group(1), vendor(parts.group(2)), Integer.parseInt(parts.group(3)), null);
        if (providers.put(provider.name(), provider) != null) {
            throw new IllegalArgumentException("--provider: " + provider.name() + " is there twice");
        }
    }

    private static Vendor vendor(String word) {
        for (Vendor vendor : Vendor.values()) {
            if (vendor.wire().equals(word.toLowerCase(Locale.ROOT))) {
                return vendor;
            }
        }
        throw new IllegalArgumentException("--provider: the vendor is " + word + ", must be twilio or sns");
    }

    private void credential(String value) {
        int equals = value.indexOf('=');
        if (equals < 1) {
            throw new IllegalArgumentException("--credential: must be NAME=VALUE");
        }
        credentials.put(value.substring(0, equals), value.substring(equals + 1));
    }

    private static Latency latency(String value) {
        int dots = value.indexOf("..");
        try {
            return dots < 0
                    ? Latency.fixed(time(value))
                    : new Latency(time(value.substring(0, dots)), time(value.substring(dots + 2)));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("--latency: " + wrong.getMessage(), wrong);
        }
    }

    private static Duration time(String value) {
        Matcher parts = TIME.matcher(value);
        if (!parts.matches()) {
            throw new IllegalArgumentException("is " + value + ", must be a time such as 50ms or 2s");
        }
        long number = Long.parseLong(parts.group(1));
        return parts.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
    }

    private static long whole(String option, String value, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw new IllegalArgumentException(option + ": is " + value + ", must be 0 to " + most);
    }

    private static String value(String option, Iterator<String> words) {
        if (!words.hasNext()) {
            throw new IllegalArgumentException(option + ": needs a value");
        }
        return words.next();
    }
}
