package dev.petrel.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JournalMemoryTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** As after the request topic was made anew: what was told of the old one is far above. */
    @Test
    void oneEventTakesLittleWhateverItsOffset() {
        PartitionJournal journal = new PartitionJournal(0, Duration.ofMinutes(11), 0, 17);
        JournalEvent event =
                new JournalEvent("old".getBytes(US_ASCII), 1_000_000_000, 1_000, true, null, null, null, null);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        journal.apply(event, 1_000);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000_000);
    }
}
