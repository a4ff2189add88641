package dev.petrel.web;

import dev.petrel.console.Board;
import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the operators' page shows: {@code GET /v1/console} once, {@code GET /v1/console/stream} as server-sent events, first
 * all of it as {@code board}, then each second as {@code change} what is not as before. The cluster is read for as long as
 * somebody looks, and half a minute longer.
 *
 * <p>On the management server's event loop, but for what comes from the reader.
 */
public final class ConsoleApi implements ManagementServer.Part {
    static final String PATH = "/v1/console";
    static final int MOST_VIEWERS = 20;

    private static final Logger log = LoggerFactory.getLogger(ConsoleApi.class);
    private static final Duration KEPT = Duration.ofSeconds(30);
    /** Whoever looks for longer shows his token again. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** A minute of boards in a row: a phone that is gone must not keep the place of one that is here. */
    private static final int MOST_MISSED = 60;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final AdminTokens tokens;
    private final String by;
    private final Source source;
    private final Supplier<JsonArray> orders;
    private final Meters meters;
    private final Duration kept;
    private final Set<Viewer> viewers = new HashSet<>();
    private volatile @Nullable Reading reading;
    private volatile boolean closed;
    private long ending;

    /** Where boards come from. */
    public interface Source {
        /**
         * Begins to read.
         *
         * @param boards handed one every second or so, on the reader's thread
         * @return ends it
         */
        Supplier<Future<Void>> open(Consumer<Board> boards);
    }

    /**
     * @param by this instance's id
     * @param orders in force, as they are shown; from any thread
     */
    public ConsoleApi(
            Vertx vertx, AdminTokens tokens, String by, Source source, Supplier<JsonArray> orders, Meters meters) {
        this(vertx, tokens, by, source, orders, meters, KEPT);
    }

    /** @param kept how long is read on after the last has left */
    ConsoleApi(
            Vertx vertx,
            AdminTokens tokens,
            String by,
            Source source,
            Supplier<JsonArray> orders,
            Meters meters,
            Duration kept) {
        this.kept = kept;
        this.vertx = vertx;
        this.tokens = tokens;
        this.by = by;
        this.source = source;
        this.orders = orders;
        this.meters = meters;
    }

    @Override
    public void mount(Router router) {
        router.route(PATH + "*").handler(tokens);
        router.get(PATH).handler(ctx -> look(ctx, this::once));
        router.get(PATH + "/stream").handler(ctx -> look(ctx, this::stream));
    }

    /** Ends the reading; nobody is shown anything from then on. From any thread. */
    public Future<Void> close() {
        closed = true;
        Reading last = reading;
        reading = null;
        return last == null ? Future.succeededFuture() : last.end.get();
    }

    private void look(RoutingContext ctx, Consumer<RoutingContext> how) {
        if (viewers.size() >= MOST_VIEWERS || closed) {
            meters.adminCall("too_many_viewers");
            ctx.response().putHeader("Retry-After", "10");
            ManagementServer.answer(
                    ctx, 429, ManagementServer.error("more than " + MOST_VIEWERS + " look at once; try again later"));
            return;
        }
        meters.adminCall("watched");
        how.accept(ctx);
        if (reading == null) {
            reading = new Reading(vertx.getOrCreateContext());
        }
    }

    /** Answers with the first board that is whole, or after a while with what there is. */
    private void once(RoutingContext ctx) {
        ConsoleJson known = known();
        if (known != null && known.isWhole()) {
            answer(ctx, known);
            keepOn();
            return;
        }
        Once once = new Once(ctx);
        viewers.add(once);
        ctx.response().closeHandler(gone -> leave(once));
        once.timer = vertx.setTimer(PATIENCE.toMillis(), tick -> once.late());
    }

    private @Nullable ConsoleJson known() {
        Reading current = reading;
        return current == null ? null : current.latest;
    }

    private static void answer(RoutingContext ctx, ConsoleJson board) {
        send(ctx.response().putHeader("Content-Type", "application/json").end(board.whole()));
    }

    private void stream(RoutingContext ctx) {
        HttpServerResponse response = ctx.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("X-Accel-Buffering", "no");
        Watching watching = new Watching(ctx);
        viewers.add(watching);
        response.closeHandler(gone -> leave(watching));
        watching.timer = vertx.setTimer(LONGEST.toMillis(), tick -> watching.end());
        send(response.write(": Petrel\n\n"));
        ConsoleJson known = known();
        if (known != null) {
            watching.show(known, null);
        }
    }

    private void leave(Viewer viewer) {
        viewer.stop();
        viewers.remove(viewer);
        keepOn();
    }

    /** For a while from now, though nobody looks. */
    private void keepOn() {
        vertx.cancelTimer(ending);
        ending = vertx.setTimer(kept.toMillis(), tick -> endIfNobodyLooks());
    }

    private void endIfNobodyLooks() {
        Reading idle = reading;
        if (viewers.isEmpty() && idle != null) {
            reading = null;
            idle.end.get().onFailure(e -> log.debug("the reading of the page did not end", e));
        }
    }

    /** Whoever hung up has no use for it. */
    private static void send(Future<Void> sending) {
        sending.onFailure(e -> log.debug("a viewer of the page is gone", e));
    }

    /** One reading of the cluster, for all who look meanwhile. */
    private final class Reading {
        private final Context context;
        private final Supplier<Future<Void>> end;
        private @Nullable ConsoleJson latest;

        Reading(Context context) {
            this.context = context;
            this.end = source.open(this::came);
        }

        /** On the reader's thread: a large board takes some milliseconds to write. */
        private void came(Board board) {
            ConsoleJson next = ConsoleJson.of(board, by, orders.get());
            context.runOnContext(here -> show(next));
        }

        private void show(ConsoleJson next) {
            if (reading != this) {
                return;
            }
            ConsoleJson before = latest;
            latest = next;
            String change = before == null ? null : next.since(before);
            Set.copyOf(viewers).forEach(viewer -> viewer.show(next, change));
        }
    }

    private abstract class Viewer {
        long timer;

        /** @param change since the board before; null where there was none */
        abstract void show(ConsoleJson board, @Nullable String change);

        void stop() {
            vertx.cancelTimer(timer);
        }
    }

    private final class Once extends Viewer {
        private final RoutingContext ctx;
        private @Nullable ConsoleJson latest;

        Once(RoutingContext ctx) {
            this.ctx = ctx;
        }

        @Override
        void show(ConsoleJson board, @Nullable String change) {
            latest = board;
            if (board.isWhole()) {
                leave(this);
                answer(ctx, board);
            }
        }

        void late() {
            leave(this);
            if (latest == null) {
                ManagementServer.answer(ctx, 503, ManagementServer.error("Kafka has told nothing yet; try again"));
            } else {
                answer(ctx, latest);
            }
        }
    }

    private final class Watching extends Viewer {
        private final RoutingContext ctx;
        private final HttpServerResponse response;
        /** Has all that came before. */
        private boolean upToDate;

        private int missed;

        Watching(RoutingContext ctx) {
            this.ctx = ctx;
            this.response = ctx.response();
        }

        void end() {
            leave(this);
            send(response.end());
        }

        /** Who can't take it as fast is shown less often, and then all of it. */
        @Override
        void show(ConsoleJson board, @Nullable String change) {
            if (!tokens.isStillKnown(ctx)) {
                end();
            } else if (response.writeQueueFull()) {
                upToDate = false;
                if (++missed > MOST_MISSED) {
                    leave(this);
                    WebServer.cut(ctx.request().connection());
                }
            } else if (upToDate && change != null) {
                write("change", change);
            } else {
                upToDate = true;
                write("board", board.whole());
            }
        }

        private void write(String event, String data) {
            missed = 0;
            send(response.write("event: " + event + "\ndata: " + data + "\n\n"));
        }
    }
}
