package dev.hearth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import java.util.Optional;
import java.util.Set;

/** The body that releases a session: {@code {"status": "REQUEST_RELEASE"}}, with the projectId that old SDKs add. Pure. */
final class ReleaseBody {
    private ReleaseBody() {}

    static Optional<Refusal> refusal(ObjectNode json, String project) {
        for (var field : json.properties()) {
            if (!Set.of("status", "projectId").contains(field.getKey())) {
                return Optional.of(Refusal.of(
                                Problem.FIELD_UNKNOWN,
                                Refusal.quote("/" + field.getKey()) + " is not known; known: projectId, status.")
                        .at("/" + field.getKey()));
            }
        }
        if (!"REQUEST_RELEASE".equals(json.path("status").textValue())) {
            return Optional.of(Refusal.of(Problem.FIELD_RANGE, "'/status' must be \"REQUEST_RELEASE\".")
                    .at("/status"));
        }
        var projectId = json.path("projectId");
        return projectId.isMissingNode() || projectId.isNull() || project.equals(projectId.textValue())
                ? Optional.empty()
                : Optional.of(Refusal.of(Problem.PROJECT_NOT_FOUND, "The API key belongs to no such project.")
                        .at("/projectId"));
    }
}
