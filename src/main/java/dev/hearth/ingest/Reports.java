package dev.hearth.ingest;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import dev.hearth.wire.Beat;
import java.util.Optional;

/** A beat as the claim core knows it, free of the wire. Pure. */
final class Reports {
    private Reports() {}

    /** @param podUid equal to the beat's own */
    static Report of(Beat beat, String podUid) {
        return new Report(
                beat.browser(),
                podUid,
                beat.sequence(),
                switch (beat.chrome()) {
                    case STARTING -> Health.STARTING;
                    case READY -> Health.READY;
                    case FROZEN -> Health.FROZEN;
                    case GONE -> Health.GONE;
                },
                Optional.ofNullable(beat.session()),
                beat.epoch(),
                beat.connections(),
                beat.connected(),
                beat.left(),
                beat.commands(),
                beat.idleMillis(),
                0,
                beat.proxyBytes());
    }
}
