package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Msisdn;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code petrel explain} as an operator types it, and whatever may answer him. {@link ExplainIT} asks a gateway. */
class RouteInquiryIT {
    private static final String NUMBER = "+12025550142";
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String ANSWER =
            "{\"to\":\"+1•••••••42\",\"country\":\"US\",\"route\":\"*\",\"ways\":[{\"provider\":\"a\"}],\"first\":\"a\"}";

    private static final int NEVER = 0;

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private volatile int status = 200;
    private volatile String answer = ANSWER;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = Platform.get(
                vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            heard.add(request.method() + " " + request.path() + " " + request.getHeader("Authorization") + " " + body);
            if (status == NEVER) {
                return;
            }
            var unused = request.response().setStatusCode(status).end(answer.replace("{body}", body.toString()));
        });
    }

    @AfterEach
    void stop() throws Exception {
        Platform.get(vertx.close());
        assertThat(text(out) + text(err)).doesNotContain("2025550142", SECRET);
    }

    @Test
    void asksWithTheTokenOfTheEnvironment() {
        assertThat(explain(Map.of("PETREL_TOKEN", SECRET), "--tenant", "web", "--providers", "b,a"))
                .isEqualTo(Main.OK);

        assertThat(heard)
                .containsExactly("POST /v1/explain Bearer " + SECRET + " {\"to\":\"" + NUMBER
                        + "\",\"tenant\":\"web\",\"providers\":[\"b\",\"a\"]}");
        assertThat(text(out).lines())
                .containsExactly("to +1•••••••42 (US), route *", "1. a: tried first", "would go to a first");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void theTokenOfAFileIsTheOneThatCounts() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), SECRET + "\n");

        assertThat(explain(Map.of("PETREL_TOKEN", "another"), "--token-file", file.toString(), "--json"))
                .isEqualTo(Main.OK);

        assertThat(heard).singleElement().asString().contains("Bearer " + SECRET + " {");
        assertThat(text(out)).isEqualToIgnoringNewLines(ANSWER);
    }

    @Test
    void saysThatTheTokenIsMissingAndAsksNobody() throws Exception {
        Path empty = Files.writeString(directory.resolve("token"), "\n");
        Path odd = Files.writeString(directory.resolve("odd"), "alice:" + SECRET + "\nbob:" + SECRET);

        assertThat(explain(Map.of())).isEqualTo(Main.WRONG);
        assertThat(explain(Map.of("PETREL_TOKEN", SECRET), "--token-file", empty.toString()))
                .isEqualTo(Main.WRONG);
        assertThat(explain(Map.of(), "--token-file", odd.toString())).isEqualTo(Main.WRONG);
        assertThat(explain(Map.of(), "--token-file", SECRET)).isEqualTo(Main.WRONG);

        String rule = "the secret of one of petrel.management.tokens, without its name";
        assertThat(text(err).lines())
                .containsExactly(
                        "PETREL_TOKEN: is not set, must be " + rule + "; or use --token-file FILE",
                        "--token-file: is an empty file, must hold " + rule,
                        "--token-file: holds what no token can, must be " + rule,
                        "--token-file: there is no file of this name, or it can't be read as text");
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401|{\"error\":\"no\"}|1|it does not know this token",
                "403|{\"error\":\"the admin API is off\"}|1|the admin API is off",
                "429|{\"error\":\"too many calls\"}|1|too many calls",
                "400|{\"error\":\"to: must be E.164 with +\",\"field\":\"to\"}|2|to: must be E.164 with +",
                "400|{\"error\":\"you said +12025550142\"}|2|you said •",
                "500|{body}|1|this is no answer of Petrel's (HTTP 500)",
                "200|{body}|1|this is no answer of Petrel's (HTTP 200)",
                "200|<html>+12025550142</html>|1|this is no answer of Petrel's (HTTP 200)",
                "302|''|1|this is no answer of Petrel's (HTTP 302)"
            })
    void whatIsNoAnswerIsToldInALine(int code, String body, int exit, String words) {
        status = code;
        answer = body;

        assertThat(explain(Map.of("PETREL_TOKEN", SECRET))).isEqualTo(exit);

        assertThat(text(err).lines())
                .singleElement()
                .asString()
                .startsWith("petrel at http://127.0.0.1:" + server.actualPort() + ": " + words);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void whoeverRepeatsTheNumberIsNotRepeated() {
        answer = "{\"to\":\"" + NUMBER + "\",\"country\":\"US\",\"ways\":[{\"provider\":\"2025550142\"}],\"first\":\""
                + NUMBER.substring(1) + "\"}";

        assertThat(explain(Map.of("PETREL_TOKEN", SECRET))).isEqualTo(Main.OK);
        answer = answer.replace("\"2025550142\"", "\"a\"");
        assertThat(explain(Map.of("PETREL_TOKEN", SECRET), "--json")).isEqualTo(Main.OK);

        assertThat(text(out).lines()).hasSize(4);
    }

    @Test
    void saysThatNobodyIsThere() {
        int port = FreePorts.next();

        assertThat(main(Map.of("PETREL_TOKEN", SECRET), "--url", "http://127.0.0.1:" + port))
                .isEqualTo(Main.FAILED);

        assertThat(text(err).lines())
                .containsExactly(
                        "petrel at http://127.0.0.1:" + port + ": it can't be reached; is --url its management port?");
    }

    @Test
    void waitsForNobodyWhoDoesNotAnswer() {
        status = NEVER;
        List<String> lines = new ArrayList<>();
        URI instance = URI.create("http://127.0.0.1:" + server.actualPort());

        int exit = new RouteInquiry(new Msisdn(NUMBER), null, null, instance, null, false)
                .answer(Map.of("PETREL_TOKEN", SECRET), Duration.ofMillis(50), lines::add, lines::add);

        assertThat(exit).isEqualTo(Main.FAILED);
        assertThat(lines).containsExactly("petrel at " + instance + ": no answer within 0 s");
    }

    private int explain(Map<String, String> env, String... more) {
        return main(
                env,
                Stream.concat(Stream.of("--url", "http://127.0.0.1:" + server.actualPort() + "/"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private int main(Map<String, String> env, String... more) {
        Main main = new Main(env, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
        return main.run(Stream.concat(Stream.of("explain", "--to", NUMBER), Stream.of(more))
                .toList());
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8);
    }
}
