package dev.hearth.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hearth.bench.PlainConnection.Answer;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A gateway over HTTP: each client on a connection that stays. */
record HttpContender(int port, Replacements replacements) implements Contender {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final String CLAIM = "{\"pool\":\"" + ClaimsDatabase.POOL + "\",\"keepAlive\":true}";
    static final String RELEASE = "{\"status\":\"REQUEST_RELEASE\"}";

    @Override
    public Client client() throws IOException {
        return new HttpClient(PlainConnection.to(port));
    }

    static UUID session(Answer granted) throws IOException {
        return UUID.fromString(JSON.readTree(granted.body()).path("id").asText());
    }

    private final class HttpClient implements Client {
        private final PlainConnection connection;

        HttpClient(PlainConnection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Held claim() throws IOException {
            var answer = connection.post("/v1/sessions", CLAIM, "");
            if (answer.isNoneWarm()) {
                return null;
            }
            if (answer.status() != 201) {
                throw new IOException("voids the run: " + answer);
            }
            return new Held(session(answer), null);
        }

        @Override
        public void release(Held held) throws IOException {
            var answer = connection.post("/v1/sessions/" + held.session(), RELEASE, "");
            if (answer.status() != 200) {
                throw new IOException("voids the run: " + answer);
            }
            replacements.of(held.session());
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }
}
