/** One real PostgreSQL for all tests of a JVM, a fresh database for each test class. */
@NullMarked
package dev.hearth.testing.postgres;

import org.jspecify.annotations.NullMarked;
