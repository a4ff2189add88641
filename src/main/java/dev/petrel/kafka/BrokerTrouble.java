package dev.petrel.kafka;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Why brokers don't do what they were asked, as one line that says what to look at. */
final class BrokerTrouble {
    private static final Pattern CONFIGURATION = Pattern.compile("configuration ([a-z0-9.]+[a-z0-9])");

    private final String servers;
    private final Duration patience;

    /** @param patience how long they had to answer */
    BrokerTrouble(String servers, Duration patience) {
        this.servers = servers;
        this.patience = patience;
    }

    /** @param rights that what was asked needs */
    TopicProblems when(@Nullable Throwable e, String rights) {
        String what;
        if (e instanceof TimeoutException || e instanceof java.util.concurrent.TimeoutException) {
            return away("no answer within " + patience.toSeconds()
                    + " s; is petrel.kafka.bootstrap-servers right, and do petrel.kafka.properties fit its listener?");
        }
        if (e instanceof AuthenticationException) {
            what = "it refuses our credentials (petrel.kafka.properties)";
        } else if (e instanceof AuthorizationException) {
            what = "our user may not do this: " + rights;
        } else {
            what = e == null ? "it refuses, and does not say why" : String.valueOf(e.getMessage());
        }
        return line(what);
    }

    /** Where not even a client could be made. Without the exception's words: they quote the value, which may be a password. */
    TopicProblems noClient(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        if (message.startsWith("No resolvable bootstrap")) {
            return away("none of these names can be resolved (petrel.kafka.bootstrap-servers)");
        }
        Matcher setting = CONFIGURATION.matcher(message);
        return line("no client can be made of "
                + (setting.find() ? "petrel.kafka.properties." + setting.group(1) : "petrel.kafka.properties") + " ("
                + root.getClass().getSimpleName() + ")");
    }

    TopicProblems line(String what) {
        return new TopicProblems(List.of(told(what)));
    }

    private BrokersAway away(String what) {
        return new BrokersAway(told(what));
    }

    private String told(String what) {
        return "kafka at " + servers + ": " + what;
    }
}
