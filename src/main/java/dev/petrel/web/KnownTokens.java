package dev.petrel.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.web.Tokens.Token;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whose token it is that a call came with, as {@code Authorization: Bearer …}. Used on one event loop. */
final class KnownTokens {
    private static final String BEARER = "Bearer ";
    private static final int LONGEST_HEADER = 1024;

    private final Supplier<List<Token>> tokens;
    private @Nullable List<Token> read;
    private List<Known> known = List.of();

    private record Known(String name, byte[] digest) {}

    /** @param tokens may change at any time; asked with each call */
    KnownTokens(Supplier<List<Token>> tokens) {
        this.tokens = tokens;
    }

    boolean isEmpty() {
        return known().isEmpty();
    }

    /** Whether they are of no more than one. */
    boolean areOfOne() {
        return known().stream().allMatch(each -> each.name.equals(known().get(0).name));
    }

    private List<Known> known() {
        List<Token> now = tokens.get();
        if (now != read) {
            read = now;
            known = now.stream()
                    .map(token -> new Known(token.name(), digest(token.secret().value())))
                    .toList();
        }
        return known;
    }

    /** Takes the same time for every token that is wrong; then it is null. */
    @Nullable
    String caller(@Nullable String authorization) {
        if (authorization == null
                || authorization.length() > LONGEST_HEADER
                || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        byte[] digest = digest(authorization.substring(BEARER.length()).strip());
        String caller = null;
        for (Known each : known()) {
            if (MessageDigest.isEqual(each.digest, digest)) {
                caller = each.name;
            }
        }
        return caller;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
