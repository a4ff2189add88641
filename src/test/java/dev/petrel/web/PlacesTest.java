package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private boolean alone;

    @Test
    void whoWantsAllLeavesAsManyForTheOthers() {
        Places places = new Places(1_000, () -> alone);
        assertThat(takeAll(places, "web")).isEqualTo(500);
        assertThat(takeAll(places, "shop")).isEqualTo(250);
        assertThat(takeAll(places, "bank")).isEqualTo(125);
    }

    @Test
    void thoseWhoWantAllComeToHaveTheSame() {
        Places places = new Places(1_000, () -> alone);
        Map<String, Integer> has = new LinkedHashMap<>(Map.of("web", takeAll(places, "web"), "shop", 0, "bank", 0));
        for (int round = 0; round < 2_000; round++) {
            for (String tenant : List.of("web", "shop", "bank")) {
                if (round % 2 == 0 && has.get(tenant) > 0) { // one of each is answered, and the next comes
                    places.leave(tenant);
                    has.merge(tenant, -1, Integer::sum);
                }
                if (places.take(tenant)) {
                    has.merge(tenant, 1, Integer::sum);
                }
            }
        }

        assertThat(has.values()).allMatch(own -> own >= 245 && own <= 255);
        assertThat(places.take("late")).isTrue();
    }

    @Test
    void ofTwoEachHasOneAtATime() {
        Places places = new Places(2, () -> alone);
        assertThat(places.take("web")).isTrue();
        assertThat(places.take("web")).isFalse();
        assertThat(places.take("shop")).isTrue();
        assertThat(places.take("bank")).isFalse();
        places.leave("web");
        assertThat(places.take("web")).isTrue();
    }

    @Test
    void whoIsAloneMayHaveAll() {
        alone = true;
        Places places = new Places(1_000, () -> alone);
        assertThat(takeAll(places, "web")).isEqualTo(1_000);
        alone = false;
        assertThat(places.take("shop")).as("until some are left").isFalse();
        places.leave("web");
        assertThat(places.take("web")).isFalse();
        assertThat(places.take("shop")).isTrue();
    }

    private static int takeAll(Places places, String tenant) {
        int taken = 0;
        while (places.take(tenant)) {
            taken++;
        }
        return taken;
    }
}
