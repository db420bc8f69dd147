/** The REST face: sessions and projects in the shape that Browserbase's SDKs speak, and the checks before any of it. */
@NullMarked
package dev.hearth.http;

import org.jspecify.annotations.NullMarked;
