package dev.hearth.wire;

import java.util.UUID;

/**
 * One line of the ingest protocol: JSON text, UTF-8, ended by LF, at most {@link #LONGEST} bytes. One TCP connection may
 * speak for many browsers, each after a {@link Hello} of its own.
 */
public sealed interface Message {
    /** A longer line closes the connection: no honest message comes near. */
    int LONGEST = 4096;

    /** agent → gateway: proves that the speaker is this browser's own agent. The token is never logged. */
    record Hello(UUID browser, String podUid, String token) implements Message {
        @Override
        public String toString() {
            return "Hello[browser=" + browser + ", podUid=" + podUid + "]";
        }
    }

    /** gateway → agent: this browser's beats are welcome on this connection. */
    record Welcome(BeatReply state) implements Message {}

    /** gateway → agent: why this browser may not speak here. */
    record Refused(UUID browser, String reason) implements Message {}

    /** agent → gateway. */
    record Beating(Beat beat) implements Message {}

    /** gateway → agent. */
    record Reply(BeatReply reply) implements Message {}
}
