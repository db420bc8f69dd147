package dev.hearth.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import dev.hearth.testing.Words;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the previous commit's chart to this one with sessions alive, and away with everything. */
class UpgradeClusterE2E {
    private static TestCluster cluster;

    @TempDir
    private static Path previous;

    @BeforeAll
    static void deployThePreviousChart() {
        cluster = TestCluster.deployed();
        cluster.helm("uninstall", "hearth", "--timeout", "3m");
        cluster.helm(
                "install",
                "hearth",
                previousChart().toString(),
                "--wait",
                "--timeout",
                "4m",
                "--set",
                "operator.podAnnotations.chart=previous",
                "--set",
                "gateway.podAnnotations.chart=previous");
    }

    /** Where the history is not there, as in a shallow clone, this commit's own. */
    private static Path previousChart() {
        var git = new Words(Map.of(), Duration.ofMinutes(1));
        var archive = previous.resolve("chart.tar");
        var archived = git.run(List.of("git", "archive", "-o", archive.toString(), "HEAD~1", "helm/hearth"));
        if (archived.exitCode() != 0) {
            System.out.println("no previous commit here: upgrading from this commit's own chart");
            return Path.of("helm/hearth").toAbsolutePath();
        }
        git.ok(List.of("tar", "-xf", archive.toString(), "-C", previous.toString()));
        assertThat(Files.exists(previous.resolve("helm/hearth/Chart.yaml"))).isTrue();
        return previous.resolve("helm/hearth");
    }

    @Test
    @Answers("cloudflare-evicted")
    void anUpgradeLosesNoSessionAndAnUninstallLeavesNothing() throws Exception {
        var api = cluster.api();
        var pages = new ArrayList<HeldPage>();
        for (var region : TestCluster.REGIONS) {
            cluster.awaitWarm(region, 2, TestCluster.PATIENCE);
            pages.add(new HeldPage(api, api.keep(region)));
            pages.add(new HeldPage(api, api.keep(region)));
        }

        cluster.helm(
                "upgrade",
                "hearth",
                "helm/hearth",
                "--reset-then-reuse-values",
                "--wait",
                "--timeout",
                "4m",
                "--set",
                "operator.podAnnotations.chart=new",
                "--set",
                "gateway.podAnnotations.chart=new");

        assertThat(cluster.kubectl(
                        "get",
                        "pods",
                        "-l",
                        "app.kubernetes.io/component in (gateway, operator)",
                        "-o",
                        "jsonpath={.items[*].metadata.annotations.chart}"))
                .contains("new");
        for (var page : pages) {
            // Its gateway went away under it; the URL leads to another, and the browser is the same.
            page.reconnect(Duration.ofSeconds(10));
            assertThat(api.session(page.session().id()).path("status").asText()).isEqualTo("RUNNING");
        }

        var started = Instant.now();
        cluster.helm("uninstall", "hearth", "--timeout", "2m");
        cluster.kubectl("delete", "crd", "browserpools.hearth.dev", "browsersessions.hearth.dev", "--timeout=60s");
        Awaitility.await("nothing to be left")
                .untilAsserted(() -> assertThat(cluster.kubectl("get", "pods,pdb,jobs", "-A", "-o", "name"))
                        .isBlank());
        assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(60));
        assertThat(cluster.kubectl("get", "deploy,sts,svc,netpol,sa,role,rolebinding", "-o", "name"))
                .doesNotContain("hearth-");
        assertThat(cluster.kubectl("get", "clusterrole,clusterrolebinding,crd", "-o", "name"))
                .doesNotContain("hearth");
    }
}
