/** Sessions claimed over HTTP as BrowserSession objects, where their pool asks for it: a mirror that lags and may leave out. */
@NullMarked
package dev.hearth.operator.record;

import org.jspecify.annotations.NullMarked;
