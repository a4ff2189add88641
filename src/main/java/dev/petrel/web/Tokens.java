package dev.petrel.web;

import dev.petrel.config.Check;
import dev.petrel.config.Secret;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may use the admin API, by name; a name for each person or tool, so that the audit log tells them apart.
 *
 * @param tokens none: the admin API is off
 */
public record Tokens(List<Token> tokens) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");
    static final int SHORTEST_SECRET = 32;
    private static final String RULE = "name:secret, names 1 to 32 of a-z 0-9 -, secrets 32 characters or more";
    private static final Tokens NONE = new Tokens(List.of());

    /** @param name is shown; the secret is not */
    public record Token(String name, Secret secret) {}

    public Tokens {
        tokens = List.copyOf(tokens);
        Check check = Check.of("petrel.management");
        Set<String> names = new HashSet<>();
        for (Token token : tokens) {
            // What is wrong is told without its value: it may be a secret in the wrong place.
            check = check.that(NAME.matcher(token.name()).matches(), "tokens", "a list with a name that can't be", RULE)
                    .that(names.add(token.name()), "tokens", "a list with one name twice", "a name for each token")
                    .that(
                            token.secret().value().length() >= SHORTEST_SECRET,
                            "tokens",
                            "a list with a secret that is too short",
                            RULE);
        }
        check.done();
    }

    public static Tokens none() {
        return NONE;
    }

    /** Reads {@code name:secret,name:secret}; spaces around the commas don't count. */
    public static Tokens parse(String text) {
        return new Tokens(pairs(text));
    }

    static List<Token> pairs(String text) {
        List<Token> tokens = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String pair = part.strip();
            int colon = pair.indexOf(':');
            tokens.add(new Token(
                    colon < 0 ? "" : pair.substring(0, colon),
                    new Secret(colon < 0 ? pair : pair.substring(colon + 1))));
        }
        return tokens;
    }
}
