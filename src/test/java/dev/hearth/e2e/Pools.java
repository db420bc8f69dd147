package dev.hearth.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;

/** Pools as a user handles them: by kubectl. */
public record Pools(RunningHearth hearth) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Chrome starts in about a second here; a queue of ten on a loaded machine takes longer. */
    /** Several Chromes start at once beside others: nothing is promised of how soon. */
    static final Duration PATIENCE = Duration.ofMinutes(3);

    public void create(String namespace, String name, int replicas, int maxBrowsers) {
        create(namespace, name, replicas, maxBrowsers, "");
    }

    /** @param more fields of its spec */
    public void create(String namespace, String name, int replicas, int maxBrowsers, String more) {
        hearth.apply("""
                apiVersion: hearth.dev/v1alpha1
                kind: BrowserPool
                metadata: {name: %s, namespace: %s}
                spec:
                  region: local-east
                  replicas: %d
                  limits: {maxBrowsers: %d}
                  browser: {image: hearth.dev/browser:local}
                %s
                """.formatted(name, namespace, replicas, maxBrowsers, more.indent(2)));
        awaitWarm(namespace, name, replicas);
        if (replicas == 0) {
            // Nothing gets warm that would show it: a gateway looks for new pools each second.
            Awaitility.await(name + " to be known to the gateway")
                    .until(() -> hearth.post("/v1/sessions", "{\"pool\":\"" + name + "\"}")
                                    .statusCode()
                            == 503);
        }
    }

    void delete(String namespace, String name) {
        hearth.kubectl("-n", namespace, "delete", "bp", name, "--timeout=60s");
    }

    public void awaitWarm(String namespace, String name, int warm) {
        Awaitility.await(name + " to have " + warm + " warm browsers")
                .atMost(PATIENCE)
                .until(() -> status(namespace, name).path("warm").asInt() == warm);
    }

    JsonNode status(String namespace, String name) {
        return json(hearth.kubectl("-n", namespace, "get", "bp", name, "-o", "json"))
                .path("status");
    }

    /** The pool's pods that are not on their way out. */
    List<JsonNode> pods(String namespace, String pool) {
        var list = json(hearth.kubectl("-n", namespace, "get", "pods", "-l", "hearth.dev/pool=" + pool, "-o", "json"));
        return StreamSupport.stream(list.path("items").spliterator(), false)
                .filter(pod -> pod.path("metadata").path("deletionTimestamp").isMissingNode())
                .toList();
    }

    List<String> podUids(String namespace, String pool) {
        return pods(namespace, pool).stream()
                .map(pod -> pod.path("metadata").path("uid").asText())
                .toList();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
