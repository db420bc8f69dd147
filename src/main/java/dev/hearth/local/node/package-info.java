/**
 * LocalNode: a kubelet for this machine. Pods that the real scheduler binds to its nodes run as child processes of this
 * JVM, each on a loopback address of its own. Decisions ({@code PodPlanner}, {@code PodSteps}, {@code PodPhase},
 * {@code PathMapping}, {@code ProbeState}) are pure and stand apart from what touches the machine.
 */
@NullMarked
package dev.hearth.local.node;

import org.jspecify.annotations.NullMarked;
