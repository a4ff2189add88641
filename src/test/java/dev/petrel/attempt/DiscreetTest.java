package dev.petrel.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Msisdn;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.SmsProvider;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscreetTest {
    private static final Submission SUBMISSION = new Submission(
            "a1",
            1,
            new Msisdn("+12025550132"),
            "123456 is your Acme code",
            null,
            Duration.ofSeconds(3),
            Instant.parse("2026-11-24T04:10:00Z"),
            null);

    @ParameterizedTest
    @ValueSource(
            strings = {"1-202-555-0132", "+12025550132", "(202) 555.0132", "E5550132", "123456", "123-456", "Acme code"
            })
    void withholdsACodeThatTellsTheNumberOrTheText(String code) {
        Reason reason = new Reason(ReasonClass.THROTTLED, code, "over the rate");
        for (SubmitResult result : List.of(
                new SubmitResult.Rejected(reason, false),
                new SubmitResult.Throttled(Duration.ofSeconds(2), reason),
                new SubmitResult.Unavailable(false, reason),
                new SubmitResult.Ambiguous(reason))) {
            SubmitResult told = discreet(result);

            assertThat(told.reason()).isEqualTo(Reason.of(ReasonClass.THROTTLED, "over the rate"));
            assertThat(told).usingRecursiveComparison().ignoringFields("reason").isEqualTo(result);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"12025550132", "msg:+1 202 555 0132", "123456"})
    void withholdsAnIdThatTellsTheNumberOrTheText(String id) {
        assertThat(discreet(new SubmitResult.Accepted(id))).isEqualTo(new SubmitResult.Accepted("withheld"));
    }

    @Test
    void leavesEverythingElseAsItIs() {
        for (SubmitResult result : List.of(
                new SubmitResult.Accepted("SM00000000000000000000000000000132"),
                new SubmitResult.Rejected(new Reason(ReasonClass.RECIPIENT_INVALID, "21211", "refused"), true),
                new SubmitResult.Unavailable(false, Reason.of(ReasonClass.UNAVAILABLE, "no connection")))) {
            assertThat(discreet(result)).isSameAs(result);
        }
    }

    private static SubmitResult discreet(SubmitResult answer) {
        SmsProvider vendor = new SmsProvider() {
            @Override
            public String id() {
                return "a";
            }

            @Override
            public Future<SubmitResult> submit(Submission submission) {
                return Future.succeededFuture(answer);
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        };
        return new Discreet(vendor).submit(SUBMISSION).result();
    }
}
