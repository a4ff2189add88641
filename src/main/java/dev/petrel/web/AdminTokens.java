package dev.petrel.web;

import dev.petrel.metrics.Meters;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before everything on the management port that is for operators alone: lets through who brings a token, as
 * {@code Authorization: Bearer …} and in no other way, so that no page of another site can borrow it. What browsers say
 * of such pages is refused besides. {@link #caller} then says whose token it was.
 *
 * <p>Whoever brings a token may ask {@value #AT_ONCE} times at once and five times a second; so may all others together
 * before they are only told that they are too many. Used on one event loop. Each call is held against the tokens of now.
 */
public final class AdminTokens implements Handler<RoutingContext> {
    /** Who did what, and who was refused. */
    static final Logger AUDIT = LoggerFactory.getLogger("dev.petrel.audit");

    static final int AT_ONCE = 30;

    private static final Duration ONE_MORE = Duration.ofMillis(200);
    private static final long TELL_AGAIN = Duration.ofSeconds(10).toNanos();
    private static final String CALLER = AdminTokens.class.getName();

    private enum Refusal {
        OFF(403, "the admin API is off: petrel.management.tokens names nobody"),
        CROSS_SITE(403, "this is not answered to pages of other sites"),
        UNAUTHORIZED(401, "this needs a token: Authorization: Bearer …"),
        TOO_MANY(429, "too many calls; try again in a second");

        private final int status;
        private final String words;

        Refusal(int status, String words) {
            this.status = status;
            this.words = words;
        }

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final class Told {
        long at;
        long since;
    }

    private final KnownTokens tokens;
    private final Meters meters;
    private final LongSupplier nanos;
    private final Bucket callers;
    private final Bucket strangers;
    private final Map<Refusal, Told> told = new EnumMap<>(Refusal.class);

    /** @param tokens may change at any time; asked with each call */
    public AdminTokens(Supplier<Tokens> tokens, Meters meters) {
        this(tokens, meters, System::nanoTime);
    }

    /** @param nanos monotonic */
    AdminTokens(Supplier<Tokens> tokens, Meters meters, LongSupplier nanos) {
        this.tokens = new KnownTokens(() -> tokens.get().tokens());
        this.meters = meters;
        this.nanos = nanos;
        this.callers = new Bucket(AT_ONCE, ONE_MORE, nanos);
        this.strangers = new Bucket(AT_ONCE, ONE_MORE, nanos);
    }

    /** The name of the token that the call came with. */
    public static String caller(RoutingContext ctx) {
        String name = ctx.get(CALLER);
        if (name == null) {
            throw new IllegalStateException("nobody has asked for a token here");
        }
        return name;
    }

    /** Whether the token that the call came with is one of ours still: for answers that take long. */
    boolean isStillKnown(RoutingContext ctx) {
        return tokens.caller(ctx.request().getHeader(HttpHeaders.AUTHORIZATION)) != null;
    }

    @Override
    public void handle(RoutingContext ctx) {
        ctx.response().putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff");
        if (tokens.isEmpty()) {
            refuse(ctx, Refusal.OFF);
        } else if (isOfAnotherSite(ctx.request())) {
            refuse(ctx, strangers.take() ? Refusal.CROSS_SITE : Refusal.TOO_MANY);
        } else {
            String caller = tokens.caller(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
            if (caller == null) {
                refuse(ctx, strangers.take() ? Refusal.UNAUTHORIZED : Refusal.TOO_MANY);
            } else if (!callers.take()) {
                refuse(ctx, Refusal.TOO_MANY);
            } else {
                ctx.put(CALLER, caller);
                ctx.next();
            }
        }
    }

    /** Browsers say so themselves: Fetch Metadata, and RFC 6454. */
    private static boolean isOfAnotherSite(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = request.getHeader("Origin");
        return origin != null && !isOurs(origin, request.getHeader(HttpHeaders.HOST));
    }

    private static boolean isOurs(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }

    private void refuse(RoutingContext ctx, Refusal refusal) {
        meters.adminCall(refusal.tag());
        tell(refusal, ctx);
        if (refusal == Refusal.UNAUTHORIZED) {
            ctx.response().putHeader("WWW-Authenticate", "Bearer");
        } else if (refusal == Refusal.TOO_MANY) {
            ctx.response().putHeader("Retry-After", "1");
        }
        ManagementServer.answer(ctx, refusal.status, new JsonObject().put("error", refusal.words));
    }

    /** The log hears of a kind once in ten seconds, and how many there were. */
    private void tell(Refusal refusal, RoutingContext ctx) {
        long now = nanos.getAsLong();
        Told last = told.get(refusal);
        if (last != null && now - last.at < TELL_AGAIN) {
            last.since++;
            return;
        }
        AUDIT.warn(
                "refused={} method={} from={} more={}",
                refusal.tag(),
                ctx.request().method(),
                ctx.request().remoteAddress() == null
                        ? "?"
                        : ctx.request().remoteAddress().hostAddress(),
                last == null ? 0 : last.since);
        Told next = last == null ? new Told() : last;
        next.at = now;
        next.since = 0;
        told.put(refusal, next);
    }
}
