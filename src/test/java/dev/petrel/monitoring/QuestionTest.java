package dev.petrel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuestionTest {
    @Test
    void findsNamesAndLabelsAmongWordsAndFunctions() {
        Question question = Question.of("topk(10, sum by (country) (rate(a_total{kind=~\"x|y\", to!=\"a{b}\"}[5m])))"
                + " / on (le) group_left () b:ratio5m > 2e3 and absent(c > 14 * 86400) or vector(0)");

        assertThat(question.labels()).containsOnlyKeys("a_total", "b:ratio5m", "c");
        assertThat(question.labels().get("a_total")).containsExactly("kind", "to");
        assertThat(question.grouping()).containsExactly("country", "le");
    }
}
