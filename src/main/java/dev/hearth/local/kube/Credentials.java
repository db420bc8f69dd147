package dev.hearth.local.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** The control plane's own keys and the administrator's token, made once per data directory and readable by its owner only. */
record Credentials(Path directory, String token) {
    static Credentials in(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            var tokenFile = directory.resolve("token");
            if (!Files.exists(tokenFile)) {
                writeServiceAccountKeys(directory);
                var random = new byte[32];
                new SecureRandom().nextBytes(random);
                Files.writeString(tokenFile, HexFormat.of().formatHex(random));
            }
            var token = Files.readString(tokenFile).strip();
            Files.writeString(
                    directory.resolve("tokens.csv"), "%s,hearth-local,hearth-local,system:masters%n".formatted(token));
            return new Credentials(directory, token);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the control plane's credentials to " + directory, e);
        }
    }

    /** kube-apiserver writes this certificate itself at its first start; being self-signed, it is its own authority. */
    Path servingCertificate() {
        return directory.resolve("apiserver.crt");
    }

    String file(String name) {
        return directory.resolve(name).toString();
    }

    Path writeKubeconfig(Path target, int port) {
        try {
            var authority = Base64.getEncoder().encodeToString(Files.readAllBytes(servingCertificate()));
            Files.writeString(target, """
                    apiVersion: v1
                    kind: Config
                    clusters:
                      - name: hearth
                        cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}
                    users:
                      - name: hearth
                        user: {token: "%s"}
                    contexts:
                      - name: hearth
                        context: {cluster: hearth, user: hearth, namespace: default}
                    current-context: hearth
                    """.formatted(port, authority, token));
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }

    private static void writeServiceAccountKeys(Path directory) throws IOException {
        var pair = rsa();
        Files.writeString(
                directory.resolve("sa.key"),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(
                directory.resolve("sa.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    private static KeyPair rsa() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String pem(String type, byte[] encoded) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
    }
}
