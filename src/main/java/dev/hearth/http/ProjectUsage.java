package dev.hearth.http;

import java.time.Duration;

/**
 * A project's use in Browserbase's words.
 *
 * @param browserMinutes the sessions' time together, in begun minutes
 * @param proxyBytes always 0: there are no proxies that traffic could go through
 */
record ProjectUsage(long browserMinutes, long proxyBytes) {
    static ProjectUsage of(Duration browserTime) {
        return new ProjectUsage(browserTime.plusSeconds(59).toMinutes(), 0);
    }
}
