/** Pure: taking a browser, keeping it and giving it back. Knows the JDK only; the ports here are implemented in {@code store}. */
@NullMarked
package dev.hearth.claim;

import org.jspecify.annotations.NullMarked;
