package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import dev.hearth.local.node.LocalNode;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens on this machine once Hearth itself is up: nodes, warm browsers, first light, then wait for Ctrl-C. */
public final class LocalMode implements QuarkusApplication {
    private static final Logger LOG = LoggerFactory.getLogger(LocalMode.class);
    private static final List<String> REGIONS = List.of("local-east", "local-west");

    private static volatile @Nullable LocalMachine machine;
    private static volatile @Nullable LocalNode node;

    /** Hands over what was started before the application, and configures the application with it. */
    static void machine(LocalMachine started) {
        machine = started;
        started.settings().forEach(System::setProperty);
    }

    @Override
    public int run(String... args) {
        var here = machine;
        if (here == null) {
            throw new IllegalStateException("local mode was started without its machine");
        }
        var progress = here.progress();
        try {
            progress.step("two nodes, one in each region", () -> {
                node = LocalNode.start(here.client(), LocalNodeOptions.of(here, REGIONS));
                return REGIONS.size();
            });
            var pools = new LocalPools(here.client());
            progress.step("warm browsers", () -> pools.awaitWarm(Duration.ofMinutes(2)));
            shine(here);
        } catch (LocalFailure failure) {
            System.err.println("✗ " + failure.getMessage());
            return 1;
        } catch (RuntimeException unforeseen) {
            LOG.error("a step of the start failed", unforeseen);
            throw unforeseen;
        }
        Quarkus.waitForExit();
        return 0;
    }

    private static void shine(LocalMachine here) {
        var url = URI.create("http://127.0.0.1:" + here.ports().http());
        var light = here.progress().step("first light", () -> {
            try {
                return new FirstLight(url, here.apiKey())
                        .shine(REGIONS.getFirst(), here.home().picture());
            } catch (IOException dark) {
                throw new LocalFailure("first light failed: " + dark.getMessage(), "see .hearth/log", dark);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new LocalFailure("first light was interrupted", "start again", interrupted);
            }
        });
        var environment = here.home()
                .writeEnvironment(
                        url.toString(),
                        here.apiKey(),
                        here.controlPlane().kubeconfig(),
                        here.controlPlane().binaries().directory());
        here.progress().say(banner(url, here.apiKey(), light, relative(environment)));
    }

    private static String banner(URI url, String key, FirstLight.Light light, Path environment) {
        return """

                Hearth is warm.  claimed a browser in %s in %d ms · first CDP reply after %d ms · %s
                  picture   %s
                  claim at  %s
                  key       %s

                In another shell:
                  source %s
                  kubectl get browserpools
                  kubectl scale bp/local-east --replicas=3
                  curl -s -X POST $HEARTH_URL/v1/sessions -H "X-BB-API-Key: $HEARTH_API_KEY" -H 'Content-Type: application/json' -d '{}'

                Ctrl-C stops everything.""".formatted(
                        light.region(),
                        light.claimMillis(),
                        light.firstReplyMillis(),
                        light.session(),
                        relative(light.picture()),
                        url,
                        key,
                        environment);
    }

    private static Path relative(Path path) {
        var here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    /** After the operator and the gateway have stopped: nothing must ask for pods any more when the node goes. */
    static void onStop(@Observes @Priority(Integer.MAX_VALUE) ShutdownEvent event) {
        stopMachine();
    }

    /** Stops what was started, once; also where the application did not come up. */
    static synchronized void stopMachine() {
        var pods = node;
        node = null;
        if (pods != null) {
            pods.close();
        }
        var here = machine;
        machine = null;
        if (here != null) {
            here.close();
        }
    }
}
