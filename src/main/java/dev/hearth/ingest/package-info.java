/** The ingest port: browsers' beats in, coalesced and written in batches; the fences of Postgres out. */
@NullMarked
package dev.hearth.ingest;

import org.jspecify.annotations.NullMarked;
