/** A real Kubernetes control plane as child processes of this JVM, on loopback only. */
@NullMarked
package dev.hearth.local.kube;

import org.jspecify.annotations.NullMarked;
