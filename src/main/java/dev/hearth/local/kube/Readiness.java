package dev.hearth.local.kube;

import dev.hearth.local.LocalFailure;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Waits until the API server says of itself that it is ready, or a program died on the way. */
record Readiness(Credentials credentials, int port) {
    private static final Duration BETWEEN = Duration.ofMillis(50);

    void await(List<Component> components, Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            for (var component : components) {
                if (!component.process().isAlive()) {
                    throw new LocalFailure(
                            component.name() + " stopped: " + component.complaint(), "see " + component.log());
                }
            }
            if (ready()) {
                return;
            }
            LockSupport.parkNanos(BETWEEN.toNanos());
        }
        var apiServer = components.getLast();
        throw new LocalFailure(
                "kube-apiserver was not ready after " + patience.toSeconds() + " s: " + apiServer.complaint(),
                "see " + apiServer.log());
    }

    private boolean ready() {
        if (!Files.exists(credentials.servingCertificate())) {
            return false;
        }
        try (var http = HttpClient.newBuilder()
                .sslContext(trust())
                .connectTimeout(Duration.ofSeconds(1))
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/readyz"))
                    .header("Authorization", "Bearer " + credentials.token())
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException | GeneralSecurityException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for kube-apiserver", interrupted);
        }
    }

    private SSLContext trust() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var certificate =
                new FileInputStream(credentials.servingCertificate().toFile())) {
            var factory = CertificateFactory.getInstance("X.509");
            var written = factory.generateCertificates(certificate);
            // For a moment between the file's making and its writing.
            if (written.isEmpty()) {
                throw new CertificateException("the API server's certificate is empty");
            }
            store.setCertificateEntry("apiserver", written.iterator().next());
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
