package dev.hearth.local.node;

import java.nio.file.Path;

/**
 * Where one pod lives on this machine.
 *
 * @param base a short name of {@code directory}, the one that the pod's processes are given
 */
record Place(PodDirectory directory, Path base, String address) {}
