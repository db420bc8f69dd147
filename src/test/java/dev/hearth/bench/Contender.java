package dev.hearth.bench;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One way of giving browsers away. */
interface Contender {
    /** For one thread; made before the clock runs. */
    Client client() throws Exception;

    interface Client extends AutoCloseable {
        /** Null: it was refused, and holds nothing. */
        @Nullable
        Held claim() throws Exception;

        void release(Held held) throws Exception;
    }

    /** A fresh one for each cell: what it has read may be old by then. */
    interface Maker {
        Contender make() throws Exception;
    }

    /** @param browser null: not told to the client, found out afterwards by its session */
    record Held(UUID session, @Nullable UUID browser) {}
}
