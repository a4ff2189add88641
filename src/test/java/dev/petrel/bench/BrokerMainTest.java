package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.NumberPlan;
import dev.petrel.message.NumberType;
import dev.petrel.message.Recipient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BrokerMainTest {
    private final NumberPlan plan = new NumberPlan();

    @Test
    void asksForNumbersThatAreAssignedAsRealOnesAre() {
        assertThat(IntStream.range(0, 3_000).mapToObj(BrokerMain::fictional)).allSatisfy(number -> {
            Recipient recipient = plan.recipient(number).orElseThrow();
            assertThat(recipient.type()).isIn(NumberType.FIXED_LINE, NumberType.FIXED_LINE_OR_MOBILE);
            assertThat(recipient.country()).isIn("US", "GB", "FR");
        });
    }

    @Test
    void asksForNoNumberOutsideTheRangesOfFiction() {
        assertThat(IntStream.range(0, 50_000).mapToObj(BrokerMain::fictional))
                .allMatch(number -> number.matches("\\+1[2-9]\\d\\d55501\\d\\d|\\+442079460\\d{3}|\\+3319900\\d{4}"));
    }
}
