package dev.hearth.operator.session;

import dev.hearth.api.v1alpha1.BrowserSession;
import dev.hearth.operator.ConnectUrls;
import dev.hearth.operator.Labels;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The Secret with a declared session's whole connect URL. Its object owns it, so it goes with it. */
record ConnectSecret(KubernetesClient client) {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("browsersession")
            .withForce(true)
            .build();

    /** Written once: the URL is signed anew at each asking, and would change for nothing. */
    void ensure(BrowserSession object, ConnectUrls.Urls urls) {
        var name = SessionReport.secretName(object);
        var secrets = client.secrets().inNamespace(object.getMetadata().getNamespace());
        var existing = secrets.withName(name).get();
        if (existing == null || !ownedBy(existing, object)) {
            client.resource(secret(object, urls)).patch(APPLY);
        }
    }

    void drop(BrowserSession object) {
        var secret = client.secrets()
                .inNamespace(object.getMetadata().getNamespace())
                .withName(SessionReport.secretName(object));
        var existing = secret.get();
        if (existing != null && ownedBy(existing, object)) {
            secret.delete();
        }
    }

    private static boolean ownedBy(Secret secret, BrowserSession object) {
        return secret.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getUid().equals(object.getMetadata().getUid()));
    }

    private static Secret secret(BrowserSession object, ConnectUrls.Urls urls) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(SessionReport.secretName(object))
                .withNamespace(object.getMetadata().getNamespace())
                .addToLabels(Labels.MANAGED_BY, Labels.HEARTH)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(object.getApiVersion())
                        .withKind(object.getKind())
                        .withName(object.getMetadata().getName())
                        .withUid(object.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of(
                        "url", Base64.getEncoder().encodeToString(urls.full().getBytes(StandardCharsets.UTF_8))))
                .build();
    }
}
