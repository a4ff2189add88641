package dev.petrel.app;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.guarantees.Seen;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kafka goes away while many send by HTTP, and comes back: everybody is answered, and what was taken is sent, once. */
class HttpWithoutKafkaIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String TOKEN = "token-of-web-000000-000000-000000";
    /** Too few to fill an instance. */
    private static final int CALLERS = 50;

    private static final int CALLS_BEFORE = 200;
    /** More than an instance writes at a time. */
    private static final int CROWD = 1_300;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private Platform platform;
    private Gateway gateway;
    private StatusReader statuses;

    private record Answer(String requestId, HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }
    }

    @BeforeEach
    void start() throws Exception {
        platform = Platform.start();
        statuses = platform.statuses(event -> {});
        gateway = platform.gateway(
                "  web: { port: %d, host: 127.0.0.1, tokens: \"web:%s\" }\n".formatted(FreePorts.next(), TOKEN));
    }

    @AfterEach
    void stop() throws Exception {
        platform.close();
    }

    @Test
    void everybodyIsAnsweredAndWhatWasTakenIsSentOnce() throws Exception {
        List<CompletableFuture<?>> callers = IntStream.range(0, CALLERS)
                .<CompletableFuture<?>>mapToObj(each -> callUntilRefused())
                .toList();
        await().atMost(LONG).until(() -> answers.size() > CALLS_BEFORE);
        platform.broker().stop();
        all(callers);
        assertThat(answers.stream().map(Answer::status)).contains(202, 503).isSubsetOf(202, 503);

        List<Answer> crowd = new ArrayList<>();
        for (CompletableFuture<Answer> each :
                IntStream.range(0, CROWD).mapToObj(each -> call(nextId())).toList()) {
            crowd.add(each.get(LONG.toSeconds(), TimeUnit.SECONDS));
        }
        assertThat(crowd.stream().map(Answer::status).collect(toSet()))
                .as("it is not that Kafka has too much")
                .containsExactly(503);
        answers.addAll(crowd);
        for (Answer each : answers) {
            if (each.status() == 503) {
                saysWhatToDo(each.response());
            }
        }

        platform.broker().startAgain();
        Queue<String> open = new ConcurrentLinkedQueue<>(answers.stream()
                .filter(each -> each.status() == 503)
                .map(Answer::requestId)
                .toList());
        all(IntStream.range(0, CALLERS)
                .<CompletableFuture<?>>mapToObj(each -> bringAgain(open))
                .toList());
        assertThat(open).isEmpty();

        Set<String> ids = answers.stream().map(Answer::requestId).collect(toSet());
        await().atMost(LONG).until(() -> ids.stream().allMatch(statuses::isOver));
        Map<String, List<Told>> finals =
                statuses.told().stream().filter(Told::isFinal).collect(groupingBy(Told::requestId));
        assertThat(finals.keySet()).isEqualTo(ids);
        assertThat(finals.values()).allMatch(each -> each.size() == 1);
        assertThat(platform.seen().stream().map(Seen::text))
                .as("each sent once, however often it was brought")
                .doesNotHaveDuplicates()
                .hasSameSizeAs(ids);
    }

    private static void saysWhatToDo(HttpResponse<String> response) throws IOException {
        assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
        JsonNode advice = JSON.readTree(response.body()).path("advice");
        assertThat(advice.path("next").asText()).isIn("retry", "other_factor");
        assertThat(advice.path("chargeUser").asBoolean(true)).isFalse();
    }

    private CompletableFuture<?> callUntilRefused() {
        return call(nextId()).thenCompose(answer -> {
            answers.add(answer);
            return answer.status() == 202 ? callUntilRefused() : CompletableFuture.completedFuture(null);
        });
    }

    /** As long as there are some left. */
    private CompletableFuture<?> bringAgain(Queue<String> open) {
        String id = open.poll();
        if (id == null) {
            return CompletableFuture.completedFuture(null);
        }
        return call(id).thenCompose(answer -> {
            if (answer.status() != 202) {
                open.add(id);
            }
            return bringAgain(open);
        });
    }

    private static void all(List<CompletableFuture<?>> each) throws Exception {
        CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private String nextId() {
        return "w-" + asked.incrementAndGet();
    }

    private CompletableFuture<Answer> call(String requestId) {
        int number = 2_025_550_100 + Math.floorMod(requestId.hashCode(), 100);
        String body =
                "{\"requestId\":\"%s\",\"to\":\"+1%d\",\"text\":\"000000 %s\"}".formatted(requestId, number, requestId);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + gateway.webPort() + "/v1/requests"))
                .timeout(LONG)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(response -> new Answer(requestId, response));
    }
}
