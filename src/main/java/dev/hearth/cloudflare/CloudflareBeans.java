package dev.hearth.cloudflare;

import dev.hearth.cdp.Doorway;
import dev.hearth.claim.ConnectionLog;
import dev.hearth.claim.SessionStore;
import dev.hearth.gateway.AgentCalls;
import dev.hearth.gateway.Callers;
import dev.hearth.gateway.Claims;
import dev.hearth.gateway.OffLoop;
import dev.hearth.gateway.SessionEnds;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.gateway.ViewTokens;
import dev.hearth.gateway.Whereabouts;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Puts this package together. */
@Singleton
final class CloudflareBeans {
    @Produces
    @Singleton
    CloudflareFace.Sessions sessions(SessionStore store, SessionEnds ends, ConnectionLog log) {
        return new CloudflareFace.Sessions(store, ends, log);
    }

    @Produces
    @Singleton
    Documents documents(SessionUrls urls, ViewTokens views) {
        return new Documents(urls, views, InstantSource.system());
    }

    @Produces
    @Singleton
    CloudflareFace face(Callers callers, Claims claims, CloudflareFace.Sessions sessions, Documents documents) {
        return new CloudflareFace(callers, claims, sessions, documents, InstantSource.system());
    }

    @Produces
    @Singleton
    CloudflareRoutes.Served served(CloudflareFace face, Doorway doorway, AgentCalls agents, Whereabouts whereabouts) {
        return new CloudflareRoutes.Served(face, doorway, agents, whereabouts, new OffLoop());
    }
}
