/**
 * Cloudflare's face: what the Worker binding of {@code @cloudflare/puppeteer} and {@code @cloudflare/playwright} asks for,
 * and the {@code devtools} part of its REST API. Sessions made here are exclusive, outlive their clients and are seen by
 * this face alone.
 */
@NullMarked
package dev.hearth.cloudflare;

import org.jspecify.annotations.NullMarked;
