package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.testing.ManualTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.OffsetSpec.EarliestSpec;
import org.apache.kafka.clients.admin.OffsetSpec.LatestSpec;
import org.apache.kafka.clients.admin.OffsetSpec.TimestampSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class TailPlacesTest {
    private static final KafkaConfig.Topics TOPICS =
            new KafkaConfig.Topics("requests", "status", "dead", "feedback", "availability", "control", "instances");

    private final Map<TopicPartition, CompletableFuture<Long>> answers = new HashMap<>();
    private final Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    private final TailPlaces places = new TailPlaces(TOPICS, this::find, new ManualTime(), () -> {});

    @Test
    void oneWithoutALeaderKeepsNoOtherFromBeingFound() {
        places.add(List.of(events(0), events(1)), List.of(requests(0), requests(1)));
        places.ask();
        assertThat(asked).containsOnlyKeys(events(0), events(1));
        answer(events(0), 70L);
        assertThat(places.take()).isEmpty();
        answer(events(0), 40L);
        assertThat(places.take()).containsExactly(Map.entry(events(0), 40L));
        assertThat(asked.get(requests(0))).isInstanceOf(LatestSpec.class);
        answer(requests(0), 7L);
        assertThat(places.take()).containsExactly(Map.entry(requests(0), 7L));

        fail(events(1));
        assertThat(places.take()).isEmpty();
        assertThat(places.areAllFound()).isFalse();
        assertThat(answers).as("not at once").isEmpty();
        places.ask();
        places.ask();
        answer(events(1), 3L);
        assertThat(places.take()).isEmpty();
        answer(events(1), -1L);
        assertThat(places.take()).as("none is so young").containsExactly(Map.entry(events(1), 3L));
        answer(requests(1), 0L);
        assertThat(places.take()).containsExactly(Map.entry(requests(1), 0L));
        assertThat(places.areAllFound()).isTrue();
    }

    /** Else a request could be known without its first events. */
    @Test
    void whereRequestsAreReadFromIsAskedOnceThatOfTheirEventsIsFixed() {
        places.add(List.of(events(0)), List.of(requests(0)));
        places.ask();
        assertThat(asked.get(events(0))).isInstanceOf(LatestSpec.class);
        answer(events(0), 70L);
        places.take();
        assertThat(asked.get(events(0))).isInstanceOf(TimestampSpec.class);
        places.ask();
        assertThat(asked).doesNotContainKey(requests(0));
        answer(events(0), 70L);
        places.take();
        assertThat(asked).containsKey(requests(0));
    }

    @Test
    void whatIsAddedIsReadFromItsBeginning() {
        assertThat(places.add(List.of(events(0)), List.of(requests(0), requests(1))))
                .containsExactly(events(0));
        assertThat(places.add(List.of(events(0), events(1)), List.of(requests(0), requests(1))))
                .containsExactly(events(1));
        places.ask();
        assertThat(asked.get(events(1))).isInstanceOf(EarliestSpec.class);
        answer(events(1), 0L);
        assertThat(places.take()).containsExactly(Map.entry(events(1), 0L));
        assertThat(asked.get(requests(1))).isInstanceOf(EarliestSpec.class);
    }

    /** Of one of them at a time. */
    private Map<TopicPartition, CompletionStage<Long>> find(Map<TopicPartition, OffsetSpec> question) {
        asked.putAll(question);
        Map<TopicPartition, CompletionStage<Long>> found = new HashMap<>();
        question.keySet().forEach(each -> {
            assertThat(answers).doesNotContainKey(each);
            CompletableFuture<Long> answer = new CompletableFuture<>();
            answers.put(each, answer);
            found.put(each, answer);
        });
        return found;
    }

    private void answer(TopicPartition partition, long offset) {
        answers.remove(partition).complete(offset);
    }

    private void fail(TopicPartition partition) {
        answers.remove(partition).completeExceptionally(new TimeoutException());
    }

    private static TopicPartition events(int number) {
        return new TopicPartition("status", number);
    }

    private static TopicPartition requests(int number) {
        return new TopicPartition("requests", number);
    }
}
