package dev.petrel.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** No rule, no panel and no page of the docs may name a metric, or a label of one, that a gateway does not show. */
class MetricNamesIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern IN_WORDS =
            Pattern.compile("\\b(?:petrel|resilience4j|jvm|process|system)_[a-z0-9_]*[a-z0-9]\\b");
    /** Prometheus adds these to what it scrapes. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    private static Platform platform;
    private static String atStart;
    private static Map<String, Set<String>> shown;

    @BeforeAll
    static void letItWork() throws Exception {
        int port = FreePorts.next();
        platform = Platform.on(EmbeddedBroker.shared());
        Gateway gateway = platform.gateway(receipts("http://127.0.0.1:" + port, port));
        atStart = Platform.metrics(gateway);
        StatusReader statuses = platform.statuses(event -> {});
        RequestStream requests = platform.requests("m-");
        SimulatedProvider twilio = platform.provider("twilio-main");

        Platform.get(twilio.behave(Mode.empty503()));
        requests.ask();
        await().atMost(LONG).until(() -> statuses.isOver("m-0"));
        Platform.get(twilio.behave(Behavior.healthy()));
        for (int i = 0; i < 20; i++) {
            requests.ask();
        }
        requests.ask(300, fields -> fields.put("to", "nobody"));
        requests.flush();
        for (Asked asked : requests.asked()) {
            byte[] verified = "{\"requestId\":\"%s\",\"verified\":true}"
                    .formatted(asked.requestId())
                    .getBytes(UTF_8);
            requests.put(new ProducerRecord<>(platform.feedbackTopic(), asked.partition(), null, verified));
        }
        await().atMost(LONG)
                .until(() -> requests.asked().stream().allMatch(asked -> statuses.isOver(asked.requestId())));
        await().atMost(LONG)
                .until(() -> Platform.metrics(gateway).contains("petrel_availability_state{country=\"US\"} 0"));
        URI orders = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/v1/orders");
        HttpClient.newHttpClient().send(HttpRequest.newBuilder(orders).build(), BodyHandlers.discarding());
        System.gc(); // pauses are shown from the first on
        await().atMost(LONG).until(() -> Platform.metrics(gateway).contains("jvm_gc_pause_seconds_sum"));
        String afterwards = Platform.metrics(gateway);
        Platform.get(gateway.stop());

        int other = FreePorts.next();
        Gateway secure = platform.gateway(receipts("https://127.0.0.1:" + other, other)
                + "  tracing: { endpoint: \"http://127.0.0.1:" + FreePorts.next() + "/v1/traces\" }\n");
        shown = labels(atStart + "\n" + afterwards + "\n" + Platform.metrics(secure));
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    @Test
    void theRulesAskForWhatIsThere() throws IOException {
        Set<String> recorded = Monitoring.rules().stream()
                .filter(rule -> rule.containsKey("record"))
                .map(rule -> (String) rule.get("record"))
                .collect(Collectors.toSet());
        for (Map<String, Object> rule : Monitoring.rules()) {
            assertIsThere((String) rule.get("expr"), recorded);
        }
        for (String question : Monitoring.questions()) {
            assertIsThere(question, recorded);
        }
        assertThat(Monitoring.questions()).hasSizeGreaterThan(40);
    }

    @Test
    void theDocsNameWhatIsThere() throws IOException {
        Set<String> named = new TreeSet<>();
        for (Path doc : Monitoring.docs()) {
            Matcher words = IN_WORDS.matcher(Files.readString(doc));
            while (words.find()) {
                assertThat(shown.keySet())
                        .as(doc.toString())
                        .containsAnyOf(words.group(), words.group() + "_count"); // a histogram's name is in its parts
                named.add(words.group());
            }
        }
        assertThat(named).hasSizeGreaterThan(20);
    }

    /** A counter that appears with its first event has no increase that tells of it. */
    @Test
    void whatAlertsCountBeginsWithZero() throws IOException {
        Map<String, Set<String>> first = labels(atStart);
        List<String> counters = Monitoring.alerts().stream()
                .map(alert -> (String) alert.get("expr"))
                .flatMap(expr -> Question.of(expr).labels().keySet().stream())
                .filter(name -> name.endsWith("_total") && !name.equals("petrel_slo_requests_total"))
                .distinct()
                .toList();

        assertThat(counters).hasSizeGreaterThan(5).allMatch(first::containsKey);
        assertThat(atStart).contains("petrel_alerts_total{kind=\"all_shut\"} 0");
        assertThat(atStart).contains("petrel_http_calls_total{answer=\"unavailable\"} 0");
        assertThat(atStart).contains("petrel_finals_total{class=\"limit\",status=\"rejected\"} 0");
    }

    private static void assertIsThere(String expression, Set<String> recorded) {
        Question question = Question.of(expression.replaceAll("\\$__\\w+", "5m"));
        assertThat(question.labels()).as(expression).isNotEmpty();
        question.labels().forEach((metric, labels) -> {
            if (metric.equals("up")) {
                assertThat(OF_PROMETHEUS).containsAll(labels);
            } else if (recorded.contains(metric)) {
                assertThat(labels).as(expression).isSubsetOf("objective");
            } else {
                assertThat(shown).as(expression).containsKey(metric);
                assertThat(shown.get(metric)).as(expression).containsAll(labels);
            }
        });
        Set<String> known = new TreeSet<>(OF_PROMETHEUS);
        question.labels().keySet().forEach(metric -> known.addAll(shown.getOrDefault(metric, Set.of("objective"))));
        assertThat(known).as(expression).containsAll(question.grouping());
    }

    private static Map<String, Set<String>> labels(String page) {
        Map<String, Set<String>> labels = new HashMap<>();
        Matcher series = SERIES.matcher(page);
        while (series.find()) {
            Set<String> known = labels.computeIfAbsent(series.group(1), first -> new TreeSet<>());
            if (series.group(2) != null) {
                Matcher label = LABEL.matcher(series.group(2));
                while (label.find()) {
                    known.add(label.group(1));
                }
            }
        }
        return labels;
    }

    private static String receipts(String publicUrl, int port) {
        return """
                  web: { port: %d, host: 127.0.0.1, public-url: "%s", tokens: "web:%s" }
                  receipts: { keys: "k1:%s" }
                """.formatted(port, publicUrl, "0".repeat(32), "0".repeat(32));
    }
}
