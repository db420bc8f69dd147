package dev.hearth.local.node;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A LocalNode in a JVM of its own, to be killed. */
final class LocalNodeJvm {
    private LocalNodeJvm() {}

    public static void main(String[] arguments) throws Exception {
        var config = Config.fromKubeconfig(Files.readString(Path.of(arguments[0])));
        var client = new KubernetesClientBuilder().withConfig(config).build();
        LocalNode.start(client, TestCluster.options(Path.of(arguments[1])));
        new CountDownLatch(1).await();
    }
}
