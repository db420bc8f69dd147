package dev.hearth;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.hearth.testing.Answers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The borders between packages, as in docs/architecture.md. */
class ArchitectureTest {
    private static final JavaClasses HEARTH = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.hearth");
    private static final int LONGEST_FILE = 250;
    private static final Pattern NO_CODE = Pattern.compile("\\s*(//.*|\\*.*|/\\*.*|import .*)?");

    @Test
    void theCoreKnowsTheJdkOnly() {
        classes()
                .that()
                .resideInAnyPackage("dev.hearth.claim..", "dev.hearth.pool..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.hearth.claim..", "dev.hearth.pool..")
                .check(HEARTH);
        noClasses()
                .that()
                .resideInAnyPackage("dev.hearth.claim..", "dev.hearth.pool..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "java.net.http..", "javax.sql..")
                .check(HEARTH);
    }

    @Test
    void theClaimDoesNotKnowTheSupply() {
        noClasses()
                .that()
                .resideInAPackage("dev.hearth.claim..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.hearth.pool..")
                .check(HEARTH);
    }

    @Test
    void theAgentCarriesTheJdkAJsonParserAndOneSignature() {
        classes()
                .that()
                .resideInAnyPackage("dev.hearth.agent..", "dev.hearth.wire..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "jdk.net..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.core..",
                        "org.bouncycastle.math.ec.rfc8032..",
                        "dev.hearth.agent..",
                        "dev.hearth.wire.."))
                .check(HEARTH);
    }

    @Test
    void theObjectsKnowNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("dev.hearth.api..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.hearth..").and(resideOutsideOfPackage("dev.hearth.api..")))
                .check(HEARTH);
    }

    @Test
    void adaptersDoNotSeeEachOther() {
        adapter("store").mayNotSee("operator", "http", "cdp", "ingest", "gateway", "agent", "api", "local");
        adapter("operator").mayNotSee("store", "http", "cdp", "ingest", "gateway", "agent", "local");
        adapter("http").mayNotSee("store", "operator", "agent", "local", "api");
        adapter("cdp").mayNotSee("store", "operator", "agent", "local", "api");
        adapter("cloudflare").mayNotSee("store", "operator", "http", "ingest", "agent", "local", "api");
        adapter("ingest").mayNotSee("store", "operator", "http", "cdp", "agent", "local", "api");
        adapter("gateway").mayNotSee("store", "operator", "agent", "local", "api");
        adapter("local").mayNotSee("store", "operator", "http", "cdp", "ingest", "gateway", "agent", "claim", "pool");
    }

    @Test
    void onlyTheStoreSpeaksSql() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.hearth.store..", "dev.hearth.local.postgres..", "dev.hearth.app..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
                .check(HEARTH);
    }

    @Test
    @Answers({"agent-sandbox#418", "agent-sandbox#1367"})
    void gatewaysHaveNoKubernetes() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.hearth.http..",
                        "dev.hearth.cdp..",
                        "dev.hearth.cloudflare..",
                        "dev.hearth.ingest..",
                        "dev.hearth.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
                .check(HEARTH);
    }

    @Test
    void nothingImportsTheComposition() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hearth.app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.hearth.app..")
                .check(HEARTH);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.hearth.(*)..").should().beFreeOfCycles().check(HEARTH);
    }

    @Test
    void decisionsAreGivenTheTime() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.hearth.claim..", "dev.hearth.pool..")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(HEARTH);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Utils|Util|Helper|Impl|Manager|Constants)")
                .check(HEARTH);
    }

    @Test
    void noFileHoldsTwoThings() throws IOException {
        try (var files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .allSatisfy(file -> assertThat(codeLines(file))
                            .as("code lines of %s", file)
                            .isLessThanOrEqualTo(LONGEST_FILE));
        }
    }

    @Test
    void aForbiddenImportIsCaught() {
        var withTests = new ClassFileImporter().importClasses(Forbidden.class);
        assertThatThrownBy(() -> noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("java.sql..")
                        .check(withTests))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Forbidden");
    }

    /** What the rules must catch: a class that keeps a database connection. */
    @SuppressWarnings("unused")
    private static final class Forbidden {
        private java.sql.Connection connection;
    }

    private static Adapter adapter(String name) {
        return new Adapter(name);
    }

    private record Adapter(String name) {
        void mayNotSee(String... others) {
            for (var other : others) {
                noClasses()
                        .that()
                        .resideInAPackage("dev.hearth." + name + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("dev.hearth." + other + "..")
                        .allowEmptyShould(true)
                        .check(HEARTH);
            }
        }
    }

    private static long codeLines(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !NO_CODE.matcher(line).matches()).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
