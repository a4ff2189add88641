package dev.petrel.receipt;

import dev.petrel.message.AttemptTicket;
import java.net.URI;
import java.util.function.Function;

/**
 * Where a provider is to send the receipts of an attempt: {@code <public-url>/receipts/<token>}, never longer than 500
 * characters. Not safe for several threads.
 */
public final class CallbackUrls implements Function<AttemptTicket, URI> {
    /** What stands between the public URL and the token. */
    public static final String PATH = "/receipts/";

    /** So long may the public URL be. */
    public static final int LONGEST_PUBLIC_URL = 190;

    private final String before;
    private final CallbackTokens tokens;

    /** @param publicUrl how the world reaches the webhook; a slash at its end does not count */
    public CallbackUrls(URI publicUrl, CallbackTokens tokens) {
        this.before = base(publicUrl) + PATH;
        this.tokens = tokens;
    }

    /** The public URL without a slash at its end. */
    public static String base(URI publicUrl) {
        String text = publicUrl.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public URI apply(AttemptTicket ticket) {
        return URI.create(before + tokens.sign(ticket));
    }
}
