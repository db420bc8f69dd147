package dev.hearth.http;

import dev.hearth.claim.Directory.Project;
import dev.hearth.claim.SessionStore;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The project that a key belongs to; others do not exist for it. */
@Path("/v1/projects")
@Tag(name = "projects")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ProjectResource {
    private final Caller caller;
    private final SessionStore sessions;

    ProjectResource(Caller caller, SessionStore sessions) {
        this.caller = caller;
        this.sessions = sessions;
    }

    @GET
    @Operation(summary = "The caller's project, as a list of one")
    public Response list() {
        return caller.asProject(
                project -> Response.ok(List.of(ProjectView.of(project))).build());
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "The caller's project")
    public Response get(@PathParam("id") String id) {
        return own(id, ProjectView::of);
    }

    @GET
    @Path("/{id}/usage")
    @Operation(summary = "What the caller's project has used, as far back as ended sessions are kept")
    public Response usage(@PathParam("id") String id) {
        return own(
                id,
                project -> ProjectUsage.of(sessions.browserTime(project.name()), sessions.proxyBytes(project.name())));
    }

    private Response own(String id, Function<Project, Object> view) {
        return caller.asProject(project -> project.name().equals(id)
                ? Response.ok(view.apply(project)).build()
                : caller.refuse(Refusal.of(Problem.PROJECT_NOT_FOUND, "The API key belongs to no such project.")));
    }
}
