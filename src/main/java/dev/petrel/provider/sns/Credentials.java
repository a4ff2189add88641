package dev.petrel.provider.sns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;

/**
 * The account's credentials, at hand. The SDK's chain reads files and calls the instance's metadata service or STS on
 * the thread that asks for them, although its method returns a future; so only workers ask it, and an event loop gets
 * what they last brought.
 */
final class Credentials implements IdentityProvider<AwsCredentialsIdentity> {
    /** How often to look for new ones. The chain behind keeps its own and mostly answers from memory. */
    private static final Duration REFRESH = Duration.ofSeconds(30);

    private record Held(AwsCredentialsIdentity identity, Instant since) {}

    private final Vertx vertx;
    private final AwsCredentialsProvider chain;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Promise<AwsCredentialsIdentity>> fetching = new AtomicReference<>();
    private volatile @Nullable Held held;

    Credentials(Vertx vertx, AwsCredentialsProvider chain, InstantSource clock) {
        this.vertx = vertx;
        this.chain = chain;
        this.clock = clock;
    }

    /** Completed at once where there are credentials that hold; else as soon as a worker has brought some, or failed. */
    Future<AwsCredentialsIdentity> current() {
        Held now = held;
        if (now == null || expired(now)) {
            return fetch();
        }
        if (now.since().plus(REFRESH).isBefore(clock.instant())) {
            // One that fails changes nothing while these hold.
            Future<AwsCredentialsIdentity> unused = fetch();
        }
        return Future.succeededFuture(now.identity());
    }

    @Override
    public Class<AwsCredentialsIdentity> identityType() {
        return AwsCredentialsIdentity.class;
    }

    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        return current().toCompletionStage().toCompletableFuture();
    }

    private boolean expired(Held credentials) {
        return credentials
                .identity()
                .expirationTime()
                .map(end -> !end.isAfter(clock.instant()))
                .orElse(false);
    }

    private Future<AwsCredentialsIdentity> fetch() {
        Promise<AwsCredentialsIdentity> mine = Promise.promise();
        Promise<AwsCredentialsIdentity> running = fetching.compareAndExchange(null, mine);
        if (running != null) {
            return running.future();
        }
        vertx.<AwsCredentialsIdentity>executeBlocking(chain::resolveCredentials, false)
                .onComplete(got -> {
                    if (got.succeeded()) {
                        held = new Held(got.result(), clock.instant());
                    }
                    fetching.set(null);
                    mine.handle(got);
                });
        return mine.future();
    }
}
