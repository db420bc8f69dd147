package dev.hearth.app;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** What a fresh local cluster is given, as a user would: the CRDs, an API key, two sample pools. Never overwrites a user's edits. */
final class LocalObjects {
    private static final List<String> CRDS =
            List.of("browserpools.hearth.dev-v1.yaml", "browsersessions.hearth.dev-v1.yaml");
    private static final String NAMESPACE = "default";
    private static final String KEY_SECRET = "hearth-api-key";

    private static final PatchContext SERVER_SIDE = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("hearth-local")
            .withForce(true)
            .build();

    private final KubernetesClient client;

    LocalObjects(KubernetesClient client) {
        this.client = client;
    }

    /** CRDs are Hearth's own: applied anew at each start, so that an upgrade brings its fields. */
    void applyCrds() {
        for (var crd : CRDS) {
            try (var yaml = resource("crds/" + crd)) {
                client.load(yaml)
                        .items()
                        .forEach(object -> client.resource(object).patch(SERVER_SIDE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        for (var name : List.of("browserpools.hearth.dev", "browsersessions.hearth.dev")) {
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(name)
                    .waitUntilCondition(
                            crd -> crd != null
                                    && crd.getStatus() != null
                                    && crd.getStatus().getConditions() != null
                                    && crd.getStatus().getConditions().stream()
                                            .anyMatch(condition -> condition
                                                            .getType()
                                                            .equals("Established")
                                                    && condition.getStatus().equals("True")),
                            Duration.ofSeconds(30).toSeconds(),
                            TimeUnit.SECONDS);
        }
    }

    /** The key of the local project: the one that is there, else a new one of 256 random bits. */
    String apiKey() {
        var secrets = client.secrets().inNamespace(NAMESPACE);
        var existing = secrets.withName(KEY_SECRET).get();
        if (existing != null) {
            return new String(Base64.getDecoder().decode(existing.getData().get("key")), StandardCharsets.UTF_8);
        }
        var random = new byte[32];
        new SecureRandom().nextBytes(random);
        var key = "hearth_" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(KEY_SECRET)
                        .withNamespace(NAMESPACE)
                        .withLabels(Map.of("hearth.dev/api-key", "true"))
                        .endMetadata()
                        .withStringData(Map.of("key", key))
                        .build())
                .create();
        return key;
    }

    /** The sample pools, where no pool exists yet: a user who deleted or changed one keeps it that way. */
    void samplePools() {
        var pools = client.genericKubernetesResources("hearth.dev/v1alpha1", "BrowserPool")
                .inAnyNamespace();
        if (!pools.list().getItems().isEmpty()) {
            return;
        }
        try (var yaml = resource("manifests/local-pools.yaml")) {
            client.load(yaml)
                    .items()
                    .forEach(
                            pool -> client.resource(pool).inNamespace(NAMESPACE).patch(SERVER_SIDE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(
                Thread.currentThread().getContextClassLoader().getResourceAsStream("hearth/" + name),
                () -> "resource hearth/" + name + " is missing from the application");
    }
}
