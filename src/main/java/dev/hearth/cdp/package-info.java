/** The CDP face: who may connect is settled before the 101; after it a pump follows frame headers both ways. */
@NullMarked
package dev.hearth.cdp;

import org.jspecify.annotations.NullMarked;
