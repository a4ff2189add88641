package dev.petrel.console;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests that have begun and not ended, as far as the page needs them: who was asked last, and why it did not do.
 * Those that have ended are known for a while, since late words and receipts that come twice begin no request. The oldest
 * are forgotten where there are too many.
 */
final class OpenRequests {
    private static final int MOST = 100_000;

    private static final int MOST_OVER = 20_000;

    private final Map<Long, Open> open = new Latest(MOST);
    private final Map<Long, Open> over = new Latest(MOST_OVER);

    private static final class Latest extends LinkedHashMap<Long, Open> {
        private static final long serialVersionUID = 1;

        private final int most;

        Latest(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Open> eldest) {
            return size() > most;
        }
    }

    static final class Open {
        @Nullable
        String provider;

        /** When that was told. */
        long askedAtMillis;

        /** Why the provider did not do it; null while it may. */
        @Nullable
        ReasonClass why;

        boolean silence;
        /** The last final word of a receipt, and whose. */
        @Nullable
        ReceiptState heard;

        @Nullable
        String heardOf;
    }

    @Nullable
    Open find(long request) {
        Open found = open.get(request);
        return found == null ? over.get(request) : found;
    }

    Open begin(long request) {
        Open begun = new Open();
        open.put(request, begun);
        return begun;
    }

    void end(long request) {
        Open ended = open.remove(request);
        if (ended != null) {
            over.put(request, ended);
        }
    }
}
