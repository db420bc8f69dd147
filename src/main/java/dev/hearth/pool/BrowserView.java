package dev.hearth.pool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A slot row and what is seen of its pod.
 *
 * @param pod null when none is seen, which does not prove that there is none
 * @param missingSince when it was first not seen, by the operator's own clock; null while seen
 */
public record BrowserView(
        Browser row, @Nullable PodSighting pod, @Nullable Instant missingSince) {}
