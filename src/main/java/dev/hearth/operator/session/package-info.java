/** BrowserSession objects: claims that users declare instead of asking for over HTTP. */
@NullMarked
package dev.hearth.operator.session;

import org.jspecify.annotations.NullMarked;
