/** BrowserPool objects: observed, planned by {@code dev.hearth.pool}, acted on, reported. */
@NullMarked
package dev.hearth.operator.pool;

import org.jspecify.annotations.NullMarked;
