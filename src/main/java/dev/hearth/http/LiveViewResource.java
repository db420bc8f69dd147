package dev.hearth.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.claim.Session;
import dev.hearth.claim.SessionIds;
import dev.hearth.claim.SessionStore;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import dev.hearth.gateway.SessionRefusals;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.gateway.ViewTokens;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** URLs by which people look at a live session. Asking moves none of its deadlines. */
@Path("/v1/sessions/{id}/debug")
@Tag(name = "sessions")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class LiveViewResource {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Caller caller;
    private final SessionStore sessions;
    private final AgentCalls agents;
    private final SessionUrls urls;
    private final ViewTokens views;
    private final InstantSource clock = InstantSource.system();

    LiveViewResource(Caller caller, SessionStore sessions, AgentCalls agents, SessionUrls urls, ViewTokens views) {
        this.caller = caller;
        this.sessions = sessions;
        this.agents = agents;
        this.urls = urls;
        this.views = views;
    }

    @GET
    @Operation(
            summary = "URLs of a live session's pages for people",
            description = "expiresIn: seconds, else as long as the session lives; readOnly=true: may look, not act.")
    public Response views(@PathParam("id") String id) {
        return caller.asProject(project -> switch (ViewQuery.parse(
                caller.context().queryParams())) {
            case ViewQuery.Parsed.Refused(var refusal) -> caller.refuse(refusal);
            case ViewQuery.Parsed.Usable(var query) ->
                SessionIds.parse(id)
                        .flatMap(known -> sessions.find(project.name(), known))
                        .map(session -> session.isLive()
                                ? views(session, query)
                                : caller.refuse(SessionRefusals.ended(session, null)))
                        .orElseGet(() -> caller.refuse(SessionRefusals.unknown()));
        });
    }

    private Response views(Session session, ViewQuery query) {
        try {
            var targets = JSON.readTree(agents.get(session, "/json/list")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get()
                    .getBytes());
            var token = views.seal(session.id(), query.view(session.expiresAt(), clock.instant()));
            return Response.ok(LiveViews.of(targets, page -> view(session.id(), token, page)))
                    .header("Cache-Control", "no-store")
                    .build();
        } catch (ExecutionException | IOException unreachable) {
            return caller.refuse(SessionRefusals.unreachable());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return caller.refuse(
                    Refusal.of(Problem.DRAINING, "This gateway is stopping.").retryAfter(1));
        }
    }

    private LiveViews.Links view(UUID session, String token, String page) {
        return new LiveViews.Links(
                urls.viewPage(session, token, page, caller.host()),
                urls.viewSocket(session, token, page, caller.host()));
    }
}
