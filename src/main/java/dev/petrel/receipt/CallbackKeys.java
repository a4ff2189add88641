package dev.petrel.receipt;

import dev.petrel.config.Check;
import dev.petrel.config.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What tokens are signed with: the first key signs, all verify. To change keys without losing receipts put the new one
 * in front on every instance, and take the old one out when {@code receipts.window} and the longest life of a code have
 * gone by; to be exact in a rolling update, first put the new one behind the old.
 *
 * @param keys none where receipts are off
 */
public record CallbackKeys(List<Key> keys) {
    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,8}");
    private static final int SHORTEST_SECRET = 32;
    private static final String RULE = "ids 1 to 8 of a-z 0-9, secrets 32 characters or more";
    private static final CallbackKeys NONE = new CallbackKeys(List.of());

    /** @param id names it in tokens, where anybody can read it */
    public record Key(String id, Secret secret) {}

    public CallbackKeys {
        keys = List.copyOf(keys);
        Check check = Check.of("petrel.receipts");
        Set<String> ids = new HashSet<>();
        for (Key key : keys) {
            // What is wrong is told without its value: it may be a secret in the wrong place.
            check = check.that(
                            ID.matcher(key.id()).matches(),
                            "keys",
                            "a list with an id that can't be",
                            "id:secret, " + RULE)
                    .that(ids.add(key.id()), "keys", "a list with one id twice", "a list with an id for each key")
                    .that(
                            key.secret().value().length() >= SHORTEST_SECRET,
                            "keys",
                            "a list with a secret that is too short",
                            "id:secret, " + RULE);
        }
        check.done();
    }

    public static CallbackKeys none() {
        return NONE;
    }

    /** Reads {@code id:secret,id:secret}; spaces around the commas don't count. */
    public static CallbackKeys parse(String text) {
        List<Key> keys = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String pair = part.strip();
            int colon = pair.indexOf(':');
            keys.add(new Key(
                    colon < 0 ? "" : pair.substring(0, colon),
                    new Secret(colon < 0 ? pair : pair.substring(colon + 1))));
        }
        return new CallbackKeys(keys);
    }
}
