package dev.hearth.agent;

import dev.hearth.wire.Beat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a beat says, without its number and without what changes with every command. */
record Facts(
        Beat.Chrome chrome, @Nullable UUID session, long epoch, int connections, boolean connected, boolean left) {}
