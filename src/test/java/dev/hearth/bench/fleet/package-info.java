/** Very many browsers that are rows and beats and nothing else: what a fleet costs, without the Chromes. */
@NullMarked
package dev.hearth.bench.fleet;

import org.jspecify.annotations.NullMarked;
