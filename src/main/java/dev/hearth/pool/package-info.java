/** Pure: how many browsers a pool should have, which to start and which to retire. Knows the JDK only. */
@NullMarked
package dev.hearth.pool;

import org.jspecify.annotations.NullMarked;
