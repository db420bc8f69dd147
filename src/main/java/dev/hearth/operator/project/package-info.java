/** Namespaces as projects: their API keys and quotas, brought into the directory that gateways read. */
@NullMarked
package dev.hearth.operator.project;

import org.jspecify.annotations.NullMarked;
