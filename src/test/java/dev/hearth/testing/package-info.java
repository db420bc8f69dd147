/** Hand-written stand-ins for neighbours that a test does not need to be real. */
@NullMarked
package dev.hearth.testing;

import org.jspecify.annotations.NullMarked;
