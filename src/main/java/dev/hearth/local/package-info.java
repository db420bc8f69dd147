/** This machine as a cluster: a real control plane as child processes, PostgreSQL, and a kubelet that runs pods as processes. */
@NullMarked
package dev.hearth.local;

import org.jspecify.annotations.NullMarked;
