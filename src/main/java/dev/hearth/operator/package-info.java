/** The operator: its process, its leadership, and what its reconcilers share. Knows Kubernetes; knows Postgres by ports only. */
@NullMarked
package dev.hearth.operator;

import org.jspecify.annotations.NullMarked;
