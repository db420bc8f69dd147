package dev.hearth.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Where the operator finds Kubernetes, and what it tells others about the gateways. */
@ConfigMapping(prefix = "hearth.endpoints")
public interface OperatorEndpoints {
    /** A kubeconfig file; unset: the pod's own service account, else the user's KUBECONFIG. */
    Optional<Path> kubeconfig();

    /** {@code host:port[,…]} of the gateways' ingest port, as agents reach it. */
    @WithDefault("hearth-ingest:9400")
    String ingest();

    /** {@code host[:port]} of the gateways in URLs of declared sessions, where no public URL is configured. */
    @WithDefault("localhost:8080")
    String publicHost();
}
