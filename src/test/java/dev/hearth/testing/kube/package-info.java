/** A real control plane for tests, and the actors that use it: a user with kubectl, a kubelet that only says what pods do. */
@NullMarked
package dev.hearth.testing.kube;

import org.jspecify.annotations.NullMarked;
