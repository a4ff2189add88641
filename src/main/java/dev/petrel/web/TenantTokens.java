package dev.petrel.web;

import dev.petrel.config.Check;
import dev.petrel.config.Secret;
import dev.petrel.web.Tokens.Token;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Who may send by HTTP: for each token the tenant on whose behalf. A tenant may have several, so that one can be changed
 * while the other is in use.
 *
 * @param tokens none: HTTP in is off
 */
public record TenantTokens(List<Token> tokens) {
    private static final Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,32}");
    private static final String RULE = "tenant:secret, tenants 1 to 32 of a-z 0-9 _ -, secrets 32 characters or more";
    private static final TenantTokens NONE = new TenantTokens(List.of());

    public TenantTokens {
        tokens = List.copyOf(tokens);
        Check check = Check.of("petrel.web");
        for (Token token : tokens) {
            Secret secret = token.secret();
            // What is wrong is told without its value: it may be a secret in the wrong place.
            check = check.that(
                            TENANT.matcher(token.name()).matches(),
                            "tokens",
                            "a list with a tenant that can't be",
                            RULE)
                    .that(
                            secret.value().length() >= Tokens.SHORTEST_SECRET,
                            "tokens",
                            "a list with a secret that is too short",
                            RULE)
                    .that(
                            tokens.stream()
                                            .filter(other -> other.secret().equals(secret))
                                            .count()
                                    == 1,
                            "tokens",
                            "a list with one secret twice",
                            "a secret for each tenant");
        }
        check.done();
    }

    public static TenantTokens none() {
        return NONE;
    }

    /** Reads {@code tenant:secret,tenant:secret}; spaces around the commas don't count. */
    public static TenantTokens parse(String text) {
        return new TenantTokens(Tokens.pairs(text));
    }
}
