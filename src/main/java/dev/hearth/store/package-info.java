/** Postgres: the truth about browsers, sessions and projects. One class per aggregate, SQL beside its method. */
@NullMarked
package dev.hearth.store;

import org.jspecify.annotations.NullMarked;
