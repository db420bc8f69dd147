package dev.hearth.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hearth.claim.Directory.Project;
import org.jspecify.annotations.Nullable;

/** A project in Browserbase's words. @param concurrency absent: no limit of its own @param defaultTimeout in seconds */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProjectView(
        String id,
        String name,
        String ownerId,
        @Nullable Integer concurrency,
        @Nullable Long defaultTimeout) {
    static ProjectView of(Project project) {
        var timeout = project.defaultTimeout();
        return new ProjectView(
                project.name(),
                project.name(),
                project.name(),
                project.concurrency(),
                timeout == null ? null : timeout.toSeconds());
    }
}
