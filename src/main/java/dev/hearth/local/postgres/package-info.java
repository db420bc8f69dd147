/** A PostgreSQL of Hearth's own for local mode and tests: real, durable, on loopback, gone with the JVM that started it. */
@NullMarked
package dev.hearth.local.postgres;

import org.jspecify.annotations.NullMarked;
