package dev.hearth.local.kube;

import java.nio.file.Path;
import java.util.List;

/** Command lines of the control plane. Everything listens on 127.0.0.1 only. */
record ControlPlaneCommands(KubernetesBinaries binaries, Credentials credentials, List<Integer> ports) {
    /** Nobody asks these two anything, and a port chosen before the API server is ready may be taken by then. */
    private static final String NO_PORT = "--secure-port=0";

    List<String> etcd(Path data) {
        var client = "http://127.0.0.1:" + ports.get(0);
        var peer = "http://127.0.0.1:" + ports.get(1);
        return List.of(
                binaries.program("etcd"),
                "--name=hearth",
                "--data-dir=" + data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=hearth=" + peer,
                // A killed process loses nothing without fsync, only a machine that loses power does; and then the
                // objects are the samples, applied anew at the next start.
                "--unsafe-no-fsync",
                "--log-level=warn");
    }

    List<String> apiServer() {
        return List.of(
                binaries.program("kube-apiserver"),
                "--etcd-servers=http://127.0.0.1:" + ports.get(0),
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.get(2),
                "--cert-dir=" + credentials.directory(),
                "--token-auth-file=" + credentials.file("tokens.csv"),
                "--service-account-key-file=" + credentials.file("sa.pub"),
                "--service-account-signing-key-file=" + credentials.file("sa.key"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-cluster-ip-range=10.0.0.0/24",
                "--authorization-mode=RBAC",
                // Pods here are processes of this user: no token of a service account is mounted into them.
                "--disable-admission-plugins=ServiceAccount",
                "--endpoint-reconciler-type=none",
                "--kubelet-preferred-address-types=InternalIP",
                "--profiling=false");
    }

    List<String> controllerManager(Path kubeconfig) {
        return List.of(
                binaries.program("kube-controller-manager"),
                "--kubeconfig=" + kubeconfig,
                NO_PORT,
                "--leader-elect=false",
                "--controllers=garbage-collector-controller,namespace-controller,disruption-controller",
                "--namespace-sync-period=30s");
    }

    List<String> scheduler(Path kubeconfig) {
        return List.of(
                binaries.program("kube-scheduler"), "--kubeconfig=" + kubeconfig, NO_PORT, "--leader-elect=false");
    }
}
