package dev.hearth.http;

import java.time.Duration;

/**
 * A project's use in Browserbase's words.
 *
 * @param browserMinutes the sessions' time together, in begun minutes
 * @param proxyBytes what passed the guards of its sessions' browsers; browsers of pools without a guard add nothing
 */
record ProjectUsage(long browserMinutes, long proxyBytes) {
    static ProjectUsage of(Duration browserTime, long proxyBytes) {
        return new ProjectUsage(browserTime.plusSeconds(59).toMinutes(), proxyBytes);
    }
}
