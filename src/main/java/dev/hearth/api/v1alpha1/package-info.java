/** The objects that users write: BrowserPool and BrowserSession. Records, their bounds and their defaults; no behaviour. */
@NullMarked
package dev.hearth.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
