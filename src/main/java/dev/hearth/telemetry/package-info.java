/** Names of log keys and metrics, each in one place. */
@NullMarked
package dev.hearth.telemetry;

import org.jspecify.annotations.NullMarked;
