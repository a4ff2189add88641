package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.config.InvalidSettings;
import dev.petrel.config.Secret;
import dev.petrel.message.Msisdn;
import dev.petrel.trace.Plain;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where would a code go now? Asked of an instance that runs, for breakers, rests and delivery health are its own. Nothing that
 * is printed holds the number, whoever it was that answered.
 *
 * @param providers instead of the route; null: the route decides
 * @param instance where its management port is
 * @param tokenFile null: the token is in the environment
 * @param json whether the answer is printed as it came, and not in words
 */
record RouteInquiry(
        Msisdn to,
        @Nullable String tenant,
        @Nullable List<String> providers,
        URI instance,
        @Nullable Path tokenFile,
        boolean json) {
    /** On this host, with the usual settings. */
    static final URI USUAL_INSTANCE = URI.create("http://127.0.0.1:8081");

    static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Of the environment: an argument would stand in the list of processes. */
    private static final String TOKEN = "PETREL_TOKEN";

    private static final String TOKENS_RULE = "the secret of one of petrel.management.tokens, without its name";
    private static final Pattern TOKEN_CHARACTERS = Pattern.compile("[\\x21-\\x7e]{1,1000}");
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Blocks, for no longer than the patience.
     *
     * @param out where each line of the answer goes
     * @param err where each line about the answer goes
     * @return the exit status
     * @throws InvalidSettings if there is no token
     */
    int answer(Map<String, String> env, Duration patience, Consumer<String> out, Consumer<String> err) {
        Secret token = token(env);
        HttpResponse<String> response;
        try {
            response = ask(token, patience);
        } catch (ExecutionException | TimeoutException failed) {
            err.accept(line(why(failed, patience)));
            return Main.FAILED;
        }
        JsonNode body = read(response.body());
        if (response.statusCode() == 200 && body.path("ways").isArray()) {
            if (json) {
                out.accept(withoutNumber(response.body()));
            } else {
                RouteWords.lines(body, providers != null).forEach(words -> out.accept(withoutNumber(words)));
            }
            return Main.OK;
        }
        err.accept(line(refusal(response.statusCode(), body)));
        return response.statusCode() == 400 ? Main.WRONG : Main.FAILED;
    }

    private Secret token(Map<String, String> env) {
        String token = env.getOrDefault(TOKEN, "");
        String where = TOKEN;
        if (tokenFile != null) {
            where = "--token-file";
            try {
                token = Files.readString(tokenFile, UTF_8);
            } catch (IOException unreadable) {
                throw new InvalidSettings(
                        List.of("--token-file: there is no file of this name, or it can't be read as text"));
            }
        }
        token = token.strip();
        if (token.isEmpty()) {
            throw new InvalidSettings(List.of(
                    tokenFile == null
                            ? TOKEN + ": is not set, must be " + TOKENS_RULE + "; or use --token-file FILE"
                            : where + ": is an empty file, must hold " + TOKENS_RULE));
        }
        if (!TOKEN_CHARACTERS.matcher(token).matches()) {
            throw new InvalidSettings(List.of(where + ": holds what no token can, must be " + TOKENS_RULE));
        }
        return new Secret(token);
    }

    private HttpResponse<String> ask(Secret token, Duration patience) throws ExecutionException, TimeoutException {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(instance + "/v1/explain"))
                .header("Authorization", "Bearer " + token.value())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question()))
                .build();
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(stopped);
        } finally {
            answer.cancel(true);
        }
    }

    private String question() {
        ObjectNode question = JSON.createObjectNode().put("to", to.e164());
        if (tenant != null) {
            question.put("tenant", tenant);
        }
        if (providers != null) {
            providers.forEach(question.putArray("providers")::add);
        }
        return question.toString();
    }

    private static JsonNode read(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException foreign) {
            return JSON.missingNode();
        }
    }

    /** Without the exception's own words, which may quote what was asked. */
    private static String why(Exception failed, Duration patience) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "no answer within " + patience.toSeconds() + " s";
        }
        return cause instanceof ConnectException
                ? "it can't be reached; is --url its management port?"
                : "no answer that can be read (" + cause.getClass().getSimpleName() + ")";
    }

    private static String refusal(int status, JsonNode body) {
        if (status == 401) {
            return "it does not know this token, which must be " + TOKENS_RULE;
        }
        String error = body.path("error").asText("");
        return error.isEmpty()
                ? "this is no answer of Petrel's (HTTP " + status + "); is --url its management port?"
                : Plain.of(error);
    }

    private String line(String words) {
        return withoutNumber("petrel at " + instance + ": " + words);
    }

    private String withoutNumber(String text) {
        return text.replace(to.e164().substring(1), "•••••••");
    }
}
