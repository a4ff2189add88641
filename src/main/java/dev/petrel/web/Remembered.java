package dev.petrel.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.Source;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What this instance was brought by HTTP lately, so that a repeat is answered as the first was and is not written again, and
 * other content under the same id is seen: of each tenant for itself, so that nobody can find out which ids others have used. Kept are 128 bits each of an HMAC of the id and of the content, under a key that
 * nobody knows and that ends with the process: nothing of a request can be read back, or tried out.
 *
 * <p>For as long as Petrel itself knows a duplicate, and so many at the most; then a repeat is written like a first, and
 * Petrel finds it on its partition. Used on one event loop.
 */
final class Remembered {
    private static final String HMAC = "HmacSHA256";

    private final int most;
    private final Duration window;
    private final Mac mac;
    private final Map<Hash, Entry> entries = new LinkedHashMap<>();

    private record Hash(long high, long low) {}

    /** One request that was brought. */
    final class Entry {
        private final Hash content;
        private final Instant at;
        /** Null until it is known. */
        private @Nullable Source source;

        private @Nullable Future<Source> writing;

        private Entry(Hash content, Instant at) {
            this.content = content;
            this.at = at;
        }

        /** @param value as it would be written */
        boolean isOf(byte[] value) {
            return content.equals(hash(value));
        }

        /** Where it stands; null where nobody has said so yet. */
        @Nullable
        Source source() {
            return source;
        }

        boolean isBeingWritten() {
            return writing != null;
        }

        /** Where it will stand, once; whoever brings it meanwhile waits for the same. What failed is tried again. */
        Future<Source> write(Supplier<Future<Source>> write) {
            Future<Source> under = writing;
            if (under == null) {
                under = Future.succeededFuture().compose(now -> write.get());
                writing = under;
                under.onComplete(
                        where -> {
                            source = where;
                            writing = null;
                        },
                        failure -> writing = null);
            }
            return under;
        }
    }

    Remembered(int most, Duration window) {
        this.most = most;
        this.window = window;
        try {
            byte[] key = new byte[32];
            new SecureRandom().nextBytes(key);
            mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has " + HMAC, impossible);
        }
    }

    /** Null where nothing is remembered of it. */
    @Nullable
    Entry find(String tenant, String requestId, Instant now) {
        forget(now);
        return entries.get(key(tenant, requestId));
    }

    /** Whether what was brought then would be remembered still. */
    boolean isFresh(Instant brought, Instant now) {
        return brought.plus(window).isAfter(now);
    }

    /** One that is brought for the first time, as far as is known. */
    Entry add(String tenant, String requestId, byte[] value, Instant now) {
        Entry entry = new Entry(hash(value), now);
        entries.put(key(tenant, requestId), entry);
        return entry;
    }

    private Hash key(String tenant, String requestId) {
        return hash((tenant + '\n' + requestId).getBytes(UTF_8));
    }

    private void forget(Instant now) {
        Iterator<Entry> eldest = entries.values().iterator();
        while (eldest.hasNext()) {
            boolean old = !isFresh(eldest.next().at, now);
            if (!old && entries.size() < most) {
                return;
            }
            eldest.remove();
        }
    }

    private Hash hash(byte[] bytes) {
        ByteBuffer digest = ByteBuffer.wrap(mac.doFinal(bytes));
        return new Hash(digest.getLong(), digest.getLong());
    }
}
