/** Hand-written fakes and raw clients that tests of several packages share. */
@NullMarked
package dev.hearth.testing;

import org.jspecify.annotations.NullMarked;
