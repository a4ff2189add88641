package dev.petrel.app;

import dev.petrel.config.Check;
import dev.petrel.kafka.Timestamps;
import dev.petrel.message.Msisdn;
import dev.petrel.trace.Hint;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which inquiry a command line asks for. Null where it is wrong, which the line then says. */
final class Inquiries {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,32}");
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,6}):([0-9]{1,18})");
    private static final String A_PLACE = "PARTITION:OFFSET, as 3:1182";
    private static final int MOST_PARTITIONS = 100_000;
    private static final int MOST_LETTERS = 10_000;

    /** Where a record stands. */
    private record Place(int partition, long offset) {}

    private Inquiries() {}

    static @Nullable Inquiry trace(CommandLine line) {
        String id = line.alone(0);
        if (id == null || !REQUEST_ID.matcher(id).matches()) {
            // what was given may be a number
            line.mistakes.add(
                    "ID: " + (id == null ? "is missing" : "is none") + ", must be 1 to 64 of A-Z a-z 0-9 . _ : -");
        }
        Place source = line.option("--source") == null ? null : place("--source", line.option("--source"), line);
        Integer partition =
                line.option("--partition") == null ? null : (Integer) line.number("--partition", 0, 0, MOST_PARTITIONS);
        String time = line.option("--at");
        Instant at = time == null ? null : Timestamps.parse(time);
        if (time != null && at == null) {
            line.mistakes.add(Check.mistake("--at", time, "a time as 2026-11-24T04:05:00Z"));
        }
        if (line.option("--source") != null && (partition != null || time != null)) {
            line.mistakes.add("--source: says both partition and time; leave --partition and --at out");
        }
        if (id == null || !line.mistakes.isEmpty()) {
            return null;
        }
        Hint hint = source == null ? new Hint(partition, at, null) : Hint.source(source.partition, source.offset);
        return new TraceInquiry(id, hint, line.has("--json"));
    }

    /** No mistake repeats a value: it may be the number, or the token, in the wrong place. */
    static @Nullable RouteInquiry explain(CommandLine line) {
        String to = line.option("--to");
        if (to == null || !Msisdn.isE164(to)) {
            line.mistakes.add("--to: is " + (to == null ? "missing" : "none") + ", must be E.164 with +");
        }
        String tenant = line.option("--tenant");
        if (tenant != null && !NAME.matcher(tenant).matches()) {
            line.mistakes.add("--tenant: is none, must be 1 to 32 of a-z 0-9 _ -");
        }
        String named = line.option("--providers");
        List<String> providers = named == null ? null : List.of(named.split(",", -1));
        if (providers != null
                && !providers.stream().allMatch(id -> NAME.matcher(id).matches())) {
            line.mistakes.add("--providers: is none, must be ids with commas between them, as twilio-main,sns-eu");
        }
        if (line.option("--token") != null) {
            line.mistakes.add(
                    "--token: is no option: everybody on this host would see it; use PETREL_TOKEN or --token-file");
        }
        URI instance = instance(line);
        Path tokenFile = tokenFile(line);
        if (to == null || !line.mistakes.isEmpty()) {
            return null;
        }
        return new RouteInquiry(new Msisdn(to), tenant, providers, instance, tokenFile, line.has("--json"));
    }

    private static URI instance(CommandLine line) {
        String url = line.option("--url");
        if (url == null) {
            return RouteInquiry.USUAL_INSTANCE;
        }
        try {
            URI uri = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (URISyntaxException unreadable) {
            // as every other that is none
        }
        line.mistakes.add(
                "--url: is none, must be http or https, a host and a port, as " + RouteInquiry.USUAL_INSTANCE);
        return RouteInquiry.USUAL_INSTANCE;
    }

    private static @Nullable Path tokenFile(CommandLine line) {
        String path = line.option("--token-file");
        try {
            return path == null ? null : Path.of(path);
        } catch (InvalidPathException none) {
            line.mistakes.add("--token-file: is none, must be a path");
            return null;
        }
    }

    static @Nullable Inquiry deadLetters(CommandLine line) {
        String what = line.alone(0);
        if ("list".equals(what) && line.alone(1) == null) {
            int last = line.number("--last", DeadLetterList.LAST, 1, MOST_LETTERS);
            return new DeadLetterList(last, since(line));
        }
        if ("show".equals(what)) {
            for (String option : new String[] {"--last", "--since"}) {
                if (line.option(option) != null) {
                    line.mistakes.add(option + ": is of dlq list only");
                }
            }
            Place place = place("dlq show", line.alone(1), line);
            return place == null ? null : new DeadLetterShow(place.partition, place.offset);
        }
        line.mistakes.add("dlq: must be dlq list or dlq show PARTITION:OFFSET; --help says more");
        return null;
    }

    private static @Nullable Place place(String key, @Nullable String text, CommandLine line) {
        Matcher matcher = PLACE.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            line.mistakes.add(
                    text == null ? key + ": is missing, must be " + A_PLACE : Check.mistake(key, text, A_PLACE));
            return null;
        }
        return new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    private static @Nullable Duration since(CommandLine line) {
        String text = line.option("--since");
        try {
            return text == null ? null : SettingsReader.duration(text);
        } catch (IllegalArgumentException none) {
            line.mistakes.add(Check.mistake("--since", text, "a duration as 30m, 1h or 2d"));
            return null;
        }
    }
}
