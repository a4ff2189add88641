package dev.petrel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.config.InvalidSettings;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a tenant may send. */
class TenantsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");

    private GuardConfig config = config(new Tenant(Set.of("US"), Set.of("Acme"), 3));
    private final Guard guard = new Guard(List.of(new TenantCheck(() -> config)), new TenantPace(() -> config));

    @Test
    void sendsToItsCountriesUnderItsSenders() {
        assertThat(guard.check(request("web", Requests.US, "Acme", NOW), NOW)).isEqualTo(Admission.ADMITTED);
        assertThat(guard.check(request("web", Requests.US, null, NOW), NOW)).isEqualTo(Admission.ADMITTED);

        assertThat(refusal(guard.check(request("web", Requests.GB, "Acme", NOW), NOW)))
                .isEqualTo("rejected denied to: the country is not among the tenant's");
        assertThat(refusal(guard.check(request("web", Requests.US, "Other", NOW), NOW)))
                .isEqualTo("rejected denied sender: is not among the tenant's");
    }

    @Test
    void whoIsNotNamedIsNotLimited() {
        assertThat(guard.check(request("shop", Requests.GB, "Other", NOW), NOW)).isEqualTo(Admission.ADMITTED);
        assertThat(guard.check(request(null, Requests.GB, "Other", NOW), NOW)).isEqualTo(Admission.ADMITTED);

        config = config(new Tenant(Set.of(), Set.of(), null));
        assertThat(guard.check(request("web", Requests.GB, "Other", NOW), NOW)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void whatIsMoreThanItsRateIsRefused() {
        assertThat(admitted("web", NOW, 100)).isEqualTo(30);
        assertThat(refusal(guard.admit(request("web", Requests.US, null, NOW.plusMillis(9_999)), NOW)))
                .isEqualTo("rejected limit tenant: more than its 3 requests a second");
        assertThat(admitted("web", NOW.plusSeconds(10), 100)).isEqualTo(30);
        assertThat(admitted("shop", NOW, 100)).isEqualTo(100);
    }

    /** Of ten seconds: a producer that had to wait for its broker writes what it has at once. */
    @Test
    void whatAProducerHadToHoldBackIsNotRefusedForIt() {
        assertThat(admitted("web", NOW.plusSeconds(9), 30)).isEqualTo(30);
    }

    /** By the time that requests were made, in whatever order and however late they are read. */
    @Test
    void whatHadToWaitIsNotRefusedForIt() {
        for (int second = 100; second > 0; second--) {
            assertThat(admitted("web", NOW.minusSeconds(second), 3)).isEqualTo(3);
        }
    }

    @Test
    void whatWasCountedAlreadyIsNotCountedAgain() {
        for (int i = 0; i < 100; i++) {
            assertThat(guard.admit(request("web", Requests.US, null, NOW).withPace(), NOW))
                    .isEqualTo(Admission.ADMITTED);
            assertThat(guard.check(request("web", Requests.US, null, NOW), NOW)).isEqualTo(Admission.ADMITTED);
        }
        assertThat(admitted("web", NOW, 100)).isEqualTo(30);
    }

    @Test
    void aNewRateIsInForceAtOnce() {
        assertThat(admitted("web", NOW, 100)).isEqualTo(30);
        config = config(new Tenant(Set.of(), Set.of(), 100));

        assertThat(admitted("web", NOW, 10)).isEqualTo(10);
    }

    @Test
    void saysWhatCanNotBe() {
        assertThatThrownBy(() -> config(new Tenant(Set.of(), Set.of("x".repeat(65)), 0)))
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("petrel.tenants.web.senders: ")
                .hasMessageContaining("petrel.tenants.web.max-per-second: is 0, must be 1 to 100000");
    }

    private int admitted(String tenant, Instant recordedAt, int asked) {
        int admitted = 0;
        for (int i = 0; i < asked; i++) {
            SendRequest request = request(tenant, Requests.US, null, recordedAt);
            admitted += guard.admit(request, NOW) == Admission.ADMITTED ? 1 : 0;
        }
        return admitted;
    }

    private static SendRequest request(String tenant, String to, String sender, Instant recordedAt) {
        return Requests.ofTenant(tenant, Requests.request("r", to, recordedAt, Duration.ofMinutes(5), sender, null));
    }

    private static GuardConfig config(Tenant web) {
        return new GuardConfig(Set.of(), Set.of(), Set.of(), Map.of("web", web));
    }

    private static String refusal(Admission admission) {
        Admission.Refused refused = (Admission.Refused) admission;
        assertThat(refused.status()).isEqualTo(Status.REJECTED);
        assertThat(refused.reason().reasonClass()).isIn(ReasonClass.DENIED, ReasonClass.LIMIT);
        return "rejected " + refused.reason().reasonClass().wire() + " "
                + refused.reason().detail();
    }
}
