package dev.hearth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hearth.claim.Directory.Project;
import dev.hearth.claim.EndReason;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionStore;
import dev.hearth.claim.SessionStore.Ending;
import dev.hearth.gateway.Bounds;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.wire.EgressRules;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Sessions over HTTP: claimed, found, released. */
@Path("/v1/sessions")
@Tag(name = "sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SessionResource {
    private static final String WAIT = Bounds.WAIT_TIMEOUT.field();

    private final Caller caller;
    private final Delivery delivery;
    private final SessionStore sessions;
    private final SessionEnds ends;
    private final SessionUrls urls;

    SessionResource(Caller caller, Delivery delivery, SessionStore sessions, SessionEnds ends, SessionUrls urls) {
        this.caller = caller;
        this.delivery = delivery;
        this.sessions = sessions;
        this.ends = ends;
        this.urls = urls;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(type = SchemaType.OBJECT)))
    @Operation(summary = "Claim a warm browser", description = "201 with connectUrl; 429 or 503 with Retry-After.")
    public Response create(@HeaderParam("Idempotency-Key") @Nullable String key) {
        return caller.asProject(project -> IdempotencyKey.refusal(key)
                .or(this::anyQuery)
                .map(caller::refuse)
                .orElseGet(() -> withBody(json -> create(project, json, key))));
    }

    @GET
    @Operation(summary = "The project's sessions, newest first, live before ended")
    public Response list() {
        return caller.asProject(project -> switch (ListQuery.parse(
                caller.context().queryParams())) {
            case ListQuery.Parsed.Refused(var refusal) -> caller.refuse(refusal);
            case ListQuery.Parsed.Usable(var filter) ->
                Response.ok(
                                filter.limit() == 0
                                        ? List.of()
                                        : sessions.list(project.name(), filter).stream()
                                                .map(SessionView::listed)
                                                .toList())
                        .build();
        });
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One session, with its connectUrl while it lives")
    public Response get(@PathParam("id") String id) {
        return caller.asProject(project -> SessionIds.parse(id)
                .flatMap(session -> sessions.find(project.name(), session))
                .map(session -> Response.ok(view(session)).build())
                .orElseGet(this::notFound));
    }

    @POST
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Release a session",
            description = "Body: {\"status\": \"REQUEST_RELEASE\"}. Repeating is fine.")
    public Response release(@PathParam("id") String id) {
        return caller.asProject(project -> withBody(json -> ReleaseBody.refusal(json, project.name())
                .map(caller::refuse)
                .orElseGet(() -> SessionIds.parse(id)
                        .map(session -> release(project, session))
                        .orElseGet(this::notFound))));
    }

    private Response create(Project project, ObjectNode json, @Nullable String key) {
        return switch (NewSession.parse(json)) {
            case NewSession.Parsed.Refused(var refusal) -> caller.refuse(refusal);
            case NewSession.Parsed.Usable(var wanted) -> {
                if (wanted.projectId() != null && !wanted.projectId().equals(project.name())) {
                    yield caller.refuse(Refusal.of(Problem.PROJECT_NOT_FOUND, "The API key belongs to no such project.")
                            .at("/projectId"));
                }
                // How long to wait is not what is asked for: a repeated request may have less patience left.
                var meaning = "POST /v1/sessions "
                        + JsonBody.canonical(json.deepCopy().without(List.of(WAIT)));
                var wish = new Claims.Wish(
                        project,
                        wanted.pool(),
                        wanted.region(),
                        wanted.terms(),
                        wanted.metadata(),
                        IdempotencyKey.of(key, meaning),
                        EgressRules.settings(wanted.settings(), wanted.egress()),
                        wanted.unguarded(),
                        wanted.location());
                yield answer(delivery.claim(wish, wanted.waitTimeout()), wanted.ignored());
            }
        };
    }

    private Response answer(Claims.Answer answer, List<String> ignored) {
        return switch (answer) {
            case Claims.Answer.Refused(var refusal) -> caller.refuse(refusal);
            case Claims.Answer.Granted granted -> {
                var session = granted.session();
                var response = Response.created(URI.create("/v1/sessions/" + session.id()))
                        .entity(view(session))
                        .header(Claims.Answer.Granted.SERVED_BY, granted.servedBy())
                        .header("Cache-Control", "no-store");
                if (!ignored.isEmpty()) {
                    response.header("hearth-ignored", String.join(", ", ignored));
                }
                yield (granted.replayed() ? response.header("Idempotent-Replayed", "true") : response).build();
            }
        };
    }

    private Response release(Project project, UUID session) {
        return switch (ends.end(session, project.name(), EndReason.RELEASED)) {
            case Ending.Ended(var ended) -> Response.ok(view(ended)).build();
            case Ending.AlreadyEnded(var ended) -> Response.ok(view(ended)).build();
            case Ending.Unknown _ -> notFound();
        };
    }

    private Response withBody(Function<ObjectNode, Response> then) {
        return switch (JsonBody.read(caller.body())) {
            case JsonBody.Read.Refused(var refusal) -> caller.refuse(refusal);
            case JsonBody.Read.Body(var json) -> then.apply(json);
        };
    }

    private Optional<Refusal> anyQuery() {
        return caller.context().queryParams().isEmpty()
                ? Optional.empty()
                : Optional.of(Refusal.of(Problem.QUERY_INVALID, "This request takes no query parameters."));
    }

    private SessionView view(Session session) {
        return SessionView.full(session, urls, caller.host());
    }

    private Response notFound() {
        return caller.refuse(SessionRefusals.unknown());
    }
}
