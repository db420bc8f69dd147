package dev.hearth.local.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresLogTest {
    @Test
    void findsTheLineThatSaysWhy() {
        assertThat(PostgresLog.complaint("creating directory d ... ok\nFATAL:  out of luck\nchild exited\n"))
                .isEqualTo("FATAL:  out of luck");
    }

    @Test
    void addsTheCureWhereOneIsKnown() {
        assertThat(PostgresLog.complaint("initdb: error: could not write: No space left on device"))
                .endsWith("(free some disk space)");
        assertThat(PostgresLog.complaint("unshare: unshare failed: Operation not permitted"))
                .endsWith("start as an ordinary user)");
    }

    @Test
    void saysSoWhereNothingWasSaid() {
        assertThat(PostgresLog.complaint("\n \n")).isEqualTo("it said nothing");
    }

    @Test
    void cacheFollowsOurVariableThenXdgThenHome() {
        var home = "/home/ann";
        assertThat(PostgresBinaries.cacheOf(Map.of("HEARTH_CACHE", "/c", "XDG_CACHE_HOME", "/x"), home))
                .isEqualTo(Path.of("/c"));
        assertThat(PostgresBinaries.cacheOf(Map.of("XDG_CACHE_HOME", "/x"), home))
                .isEqualTo(Path.of("/x/hearth"));
        assertThat(PostgresBinaries.cacheOf(Map.of(), home)).isEqualTo(Path.of("/home/ann/.cache/hearth"));
    }
}
