package dev.hearth.local.kube;

import dev.hearth.local.CachePaths;
import dev.hearth.local.LocalFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The control plane's programs, put in place by {@code scripts/kubernetes-binaries}. */
public record KubernetesBinaries(Path directory) {
    /** Also in {@code scripts/kubernetes-binaries} and {@code dev/tools}: the three move together. */
    public static final String VERSION = "1.34.4";

    /** @throws LocalFailure naming the first program that is missing */
    public static KubernetesBinaries find(Map<String, String> environment) {
        var own = environment.get("HEARTH_KUBERNETES_BINARIES");
        var directory = own != null && !own.isBlank()
                ? Path.of(own)
                : CachePaths.root(environment).resolve("bin").resolve(VERSION + "-linux-" + CachePaths.architecture());
        for (var program :
                new String[] {"etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager", "kubectl"}) {
            if (!Files.isExecutable(directory.resolve(program))) {
                throw new LocalFailure(
                        program + " is not in " + directory,
                        "run scripts/kubernetes-binaries, which fetches or builds it");
            }
        }
        return new KubernetesBinaries(directory);
    }

    public Path kubectl() {
        return directory.resolve("kubectl");
    }

    String program(String name) {
        return directory.resolve(name).toString();
    }
}
