package dev.petrel.testing;

import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.ReceiptReader;
import dev.petrel.provider.SmsProvider;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A provider that answers by script, and remembers what it saw. */
public final class ScriptedProvider implements SmsProvider {
    /** One submission as the provider saw it. */
    public record Seen(Instant at, Submission submission) {}

    private final String id;
    private final Time time;
    private final Deque<Function<Submission, Future<SubmitResult>>> script = new ArrayDeque<>();
    private boolean reports;
    private final List<Seen> seen = new ArrayList<>();
    private Function<Submission, Future<SubmitResult>> otherwise;

    public ScriptedProvider(String id, Time time) {
        this.id = id;
        this.time = time;
        this.otherwise = answering(accepted());
    }

    /** What it answers when nothing else is scripted, after no time. */
    public ScriptedProvider always(SubmitResult result) {
        otherwise = answering(result);
        return this;
    }

    public ScriptedProvider always(SubmitResult result, Duration after) {
        otherwise = answering(result, after);
        return this;
    }

    public ScriptedProvider alwaysBy(Function<Submission, Future<SubmitResult>> answer) {
        otherwise = answer;
        return this;
    }

    /** What it answers next; later calls stand behind it. */
    public ScriptedProvider then(SubmitResult result) {
        script.add(answering(result));
        return this;
    }

    public ScriptedProvider then(SubmitResult result, Duration after) {
        script.add(answering(result, after));
        return this;
    }

    /** The next one hangs until the caller's timeout, as adapters do: perhaps sent. */
    public ScriptedProvider thenHang() {
        script.add(hanging());
        return this;
    }

    public ScriptedProvider alwaysHang() {
        otherwise = hanging();
        return this;
    }

    /** It tells what became of each message. */
    public ScriptedProvider reporting() {
        reports = true;
        return this;
    }

    @Override
    public Optional<ReceiptReader> receipts() {
        return reports ? Optional.of(call -> new ReceiptReader.Reading.Unreadable()) : Optional.empty();
    }

    /** Only what it always answers is left. */
    public void forgetScript() {
        script.clear();
    }

    public List<Seen> seen() {
        return seen;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Future<SubmitResult> submit(Submission submission) {
        seen.add(new Seen(time.now(), submission));
        return (script.isEmpty() ? otherwise : script.remove()).apply(submission);
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private SubmitResult accepted() {
        return new SubmitResult.Accepted("message-of-" + id);
    }

    private Function<Submission, Future<SubmitResult>> answering(SubmitResult result) {
        return submission -> Future.succeededFuture(result);
    }

    private Function<Submission, Future<SubmitResult>> answering(SubmitResult result, Duration after) {
        return submission -> later(result, after);
    }

    private Function<Submission, Future<SubmitResult>> hanging() {
        return submission -> later(Results.ambiguous(), submission.timeout());
    }

    private Future<SubmitResult> later(SubmitResult result, Duration after) {
        Promise<SubmitResult> promise = Promise.promise();
        Time.Timer timer = time.after(after, () -> promise.tryComplete(result));
        return promise.future().onComplete(done -> timer.cancel());
    }
}
