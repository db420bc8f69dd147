package dev.hearth.local.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A self-signed certificate for the log server, new at every start and in memory only once loaded. The API server speaks
 * HTTPS to kubelets and, without a kubelet authority configured, does not ask who signed.
 */
final class ServingCertificate {
    private static final int DAYS = 3650;

    private ServingCertificate() {}

    static SSLContext create(Path directory) {
        var file = directory.resolve("log-server.p12");
        var password = password();
        try {
            Files.deleteIfExists(file);
            generate(file, password);
            return context(file, password);
        } catch (IOException | GeneralSecurityException e) {
            throw new UncheckedIOException("cannot make a certificate for the log server", new IOException(e));
        } finally {
            Directories.delete(file);
        }
    }

    /** The JDK's own keytool: no library of ours can sign a certificate. */
    private static void generate(Path file, String password) throws IOException {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "log-server",
                "-dname",
                "CN=hearth local node",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                Integer.toString(DAYS),
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass:env",
                "STORE_PASSWORD");
        builder.environment().put("STORE_PASSWORD", password);
        var keytool = builder.redirectErrorStream(true).start();
        try {
            var output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
                throw new IOException("keytool: " + output.strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static SSLContext context(Path file, String password) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(file.toFile(), password.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static String password() {
        var random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
