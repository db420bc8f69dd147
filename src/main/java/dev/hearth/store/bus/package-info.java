/**
 * Requests that arrive together go to the database together. {@code Lanes} decides who goes when and is pure; {@code Bus}
 * has the threads. Knows nothing of SQL.
 */
@NullMarked
package dev.hearth.store.bus;

import org.jspecify.annotations.NullMarked;
