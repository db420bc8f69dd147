/** Composition: which roles this process plays, and who implements which port. Nothing imports it. */
@NullMarked
package dev.hearth.app;

import org.jspecify.annotations.NullMarked;
