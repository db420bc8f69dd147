package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.gateway.ViewTokens.Bound;
import dev.hearth.gateway.ViewTokens.View;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewTokensTest {
    private static final UUID SESSION = UUID.fromString("01a21436-dc9c-811f-acb3-16c06e6934e1");
    private static final View LOOK = new View(true, Instant.ofEpochSecond(1_800_000_000), Bound.WHOLE);

    @TempDir
    Path directory;

    @Test
    void opensWhatItSealedForThisSessionAndNothingElse() {
        var keys = GatewayKeys.generate(directory.resolve("key"));
        var views = new ViewTokens(keys);
        var token = views.seal(SESSION, LOOK);

        assertThat(views.open(SESSION, token)).contains(LOOK);
        assertThat(views.open(UUID.randomUUID(), token)).isEmpty();
        assertThat(views.open(SESSION, token.replace("ro.", "rw."))).isEmpty();
        assertThat(views.open(SESSION, token.replace("1800000000", "1900000000")))
                .isEmpty();
        assertThat(views.open(SESSION, keys.token(SESSION))).isEmpty();
        assertThat(views.open(SESSION, "ro.1800000000." + keys.token(SESSION))).isEmpty();
        assertThat(keys.signed(SESSION, token.substring(token.lastIndexOf('.') + 1)))
                .isFalse();
        assertThat(views.open(SESSION, "")).isEmpty();
    }

    @Test
    void whatHasToBeginInTimeIsNotTakenForWhatEndsInTime() {
        var views = new ViewTokens(GatewayKeys.generate(directory.resolve("key")));
        var begins = new View(false, LOOK.until(), Bound.START);
        var token = views.seal(SESSION, begins);

        assertThat(views.open(SESSION, token)).contains(begins);
        assertThat(views.open(SESSION, token.replace("rws.", "rw."))).isEmpty();
        assertThat(views.open(SESSION, views.seal(SESSION, LOOK).replace("ro.", "ros.")))
                .isEmpty();
    }
}
