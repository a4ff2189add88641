package dev.petrel.testing;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * Kafka's own authorizer, which remembers what it was asked. Brokers make theirs by its name, so the memory is one for all
 * in this JVM.
 */
public final class WatchedAuthorizer extends StandardAuthorizer {
    private static final Set<Use> USES = ConcurrentHashMap.newKeySet();

    /**
     * Something was asked for.
     *
     * @param who as in {@code User:petrel}
     * @param right as in {@code TOPIC sms.status WRITE}
     */
    private record Use(String who, String right, AuthorizationResult result) {}

    /** The rights that this one has made use of so far. */
    public static List<String> usedBy(String who) {
        return rights(who, AuthorizationResult.ALLOWED);
    }

    /** Those that he would have made use of, and has not. */
    public static List<String> missedBy(String who) {
        return rights(who, AuthorizationResult.DENIED);
    }

    private static List<String> rights(String who, AuthorizationResult result) {
        return USES.stream()
                .filter(use -> use.who().equals(who) && use.result() == result)
                .map(Use::right)
                .sorted()
                .toList();
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext request, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(request, actions);
        for (int i = 0; i < actions.size(); i++) {
            if (matters(actions.get(i), results.get(i))) {
                ResourcePattern resource = actions.get(i).resourcePattern();
                String right = resource.resourceType() + " " + resource.name() + " "
                        + actions.get(i).operation();
                USES.add(new Use(request.principal().toString(), right, results.get(i)));
            }
        }
        return results;
    }

    /** Who describes a topic is told what he might do with it; that is asked too, and not for the log. */
    private static boolean matters(Action action, AuthorizationResult result) {
        return result == AuthorizationResult.ALLOWED ? action.logIfAllowed() : action.logIfDenied();
    }
}
