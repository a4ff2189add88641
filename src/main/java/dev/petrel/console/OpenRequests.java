package dev.petrel.console;

import dev.petrel.message.ReasonClass;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests that have begun and not ended, as far as the page needs them: who was asked last, and why it did not do.
 * The oldest are forgotten where there are too many.
 */
final class OpenRequests {
    private static final int MOST = 100_000;

    private final Map<Long, Open> open = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Open> eldest) {
            return size() > MOST;
        }
    };

    static final class Open {
        @Nullable
        String provider;

        /** Why the provider did not do it; null while it may. */
        @Nullable
        ReasonClass why;

        boolean silence;
    }

    @Nullable
    Open find(long request) {
        return open.get(request);
    }

    Open begin(long request) {
        Open begun = new Open();
        open.put(request, begun);
        return begun;
    }

    void end(long request) {
        open.remove(request);
    }
}
