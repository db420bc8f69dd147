/** What the gateway's three faces (http, cdp, ingest) share: keys, refusals, callers, claims, and its duties by the clock. */
@NullMarked
package dev.hearth.gateway;

import org.jspecify.annotations.NullMarked;
