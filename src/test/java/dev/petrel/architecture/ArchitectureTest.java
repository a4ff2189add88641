package dev.petrel.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses PETREL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.petrel");

    /** Who may import whom, from the bottom up. */
    private static final Map<String, List<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("message", List.of()),
            Map.entry("config", List.of()),
            Map.entry("time", List.of()),
            Map.entry("metrics", List.of("message")),
            Map.entry("guard", List.of("control", "message", "metrics", "config")),
            Map.entry("route", List.of("message", "metrics", "config")),
            Map.entry("control", List.of("route", "message", "config")),
            Map.entry("provider", List.of("message", "metrics", "config", "time")),
            Map.entry("attempt", List.of("provider", "message", "metrics", "config", "time")),
            Map.entry("journal", List.of("message", "metrics")),
            Map.entry("health", List.of("message", "metrics", "config", "time")),
            Map.entry("receipt", List.of("message", "config")),
            Map.entry(
                    "delivery",
                    List.of(
                            "control",
                            "guard",
                            "route",
                            "attempt",
                            "journal",
                            "health",
                            "receipt",
                            "provider",
                            "message",
                            "metrics",
                            "config",
                            "time")),
            Map.entry("availability", List.of("journal", "message", "metrics")),
            Map.entry("trace", List.of("message")),
            Map.entry("console", List.of("availability", "message")),
            Map.entry("telemetry", List.of("message", "metrics", "config")),
            Map.entry("client", List.of()),
            Map.entry(
                    "kafka",
                    List.of(
                            "control",
                            "console",
                            "trace",
                            "telemetry",
                            "delivery",
                            "journal",
                            "availability",
                            "message",
                            "metrics",
                            "config",
                            "time")),
            Map.entry(
                    "web",
                    List.of(
                            "availability",
                            "console",
                            "control",
                            "delivery",
                            "guard",
                            "receipt",
                            "route",
                            "attempt",
                            "provider",
                            "trace",
                            "message",
                            "metrics",
                            "config",
                            "time")),
            Map.entry("simulator", List.of("message"))));

    @Test
    void arrowsPointDown() {
        ARROWS.forEach((name, mayImport) -> {
            String[] allowed = Stream.concat(Stream.of(name), mayImport.stream())
                    .map(other -> "dev.petrel." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("dev.petrel." + name + "..")
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.petrel..").and(not(resideInAnyPackage(allowed))))
                    .check(PETREL);
        });
    }

    @Test
    void everyPackageHasItsArrows() {
        List<String> packages = PETREL.stream()
                .map(type -> type.getPackageName()
                        .replaceFirst("^dev\\.petrel\\.", "")
                        .replaceFirst("\\..*", ""))
                .distinct()
                .filter(name -> !name.equals("app"))
                .toList();

        assertThat(ARROWS.keySet()).containsAll(packages);
    }

    @Test
    void nobodyImportsTheTop() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.petrel.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.petrel.app..")
                .check(PETREL);
    }

    /** It is there to be copied. */
    @Test
    void nobodyImportsTheClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.petrel.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.petrel.client..")
                .check(PETREL);
    }

    @Test
    void noCycles() {
        slices().matching("dev.petrel.(**)").should().beFreeOfCycles().check(PETREL);
    }

    @Test
    void vendorsDoNotKnowEachOther() {
        slices().matching("dev.petrel.provider.(*)..")
                .should()
                .notDependOnEachOther()
                .check(PETREL);
    }

    @Test
    void librariesKeepToTheirHome() {
        livesIn("io.github.resilience4j..", "attempt");
        livesIn("org.apache.kafka..", "kafka", "client");
        livesIn("io.vertx.kafka..", "kafka");
        livesIn("io.vertx.ext.web..", "web", "simulator");
        livesIn("com.twilio..", "provider.twilio");
        livesIn("software.amazon.awssdk..", "provider.sns");
        livesIn("io.smallrye.config..", "app");
        livesIn("io.opentelemetry..", "telemetry");
        livesIn("com.google.i18n..", "message");
    }

    @Test
    void theWordsAndTheRouteAreFreeOfTransport() {
        classes()
                .that()
                .resideInAnyPackage(
                        "dev.petrel.message..",
                        "dev.petrel.control..",
                        "dev.petrel.route..",
                        "dev.petrel.journal..",
                        "dev.petrel.trace..",
                        "dev.petrel.console..",
                        "dev.petrel.availability..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("dev.petrel..", "java..", "org.jspecify..", "com.google.i18n.."))
                .check(PETREL);
    }

    private static void livesIn(String library, String... homes) {
        String[] allowed = Stream.concat(Stream.of("app"), Stream.of(homes))
                .map(home -> "dev.petrel." + home + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("dev.petrel..")
                .and()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(PETREL);
    }
}
