package dev.hearth.bench;

import dev.hearth.app.CdpClient;
import dev.hearth.e2e.RunningHearth;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.testing.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Makes a gateway that was started a moment ago one that has served many clients: their whole journey, from a claim over
 * HTTP to a released session, with rows of browsers that have no Chrome and an agent that only echoes. Their pool is none
 * of the operator's and is gone afterwards. What is measured later meets no code that is interpreted still, as in use.
 */
final class UsedGateway {
    private static final String POOL = "first-reply-simulated";

    /** The operator's sweep takes away each minute what is no pool of Kubernetes: they are put back more often. */
    private static final int PORTION = 50;

    /** The same whenever it is made again: gateways remember pools for a second, and would claim from one that is gone. */
    private static final UUID POOL_ID = UUID.randomUUID();

    private UsedGateway() {}

    static void use(RunningHearth hearth, Path home, int journeys) throws Exception {
        var keys = GatewayKeys.load(List.of(home.resolve("keys/gateway.pem")));
        try (var database = connect(home.resolve("postgres"));
                var agent = new FakeAgent(keys.publicKeys())) {
            var left = 0;
            for (var done = 0; done < journeys; ) {
                if (left-- == 0) {
                    clear(database);
                    stock(database, agent.address());
                    left = PORTION - 1;
                }
                if (journey(hearth)) {
                    done++;
                } else {
                    left = 0;
                }
            }
            clear(database);
        }
    }

    /** False: the browsers were swept away just now. */
    private static boolean journey(RunningHearth hearth) throws Exception {
        var answer = hearth.post("/v1/sessions", "{\"pool\":\"" + POOL + "\",\"keepAlive\":true}");
        if (answer.statusCode() != 201) {
            return false;
        }
        var session = RunningHearth.json(answer);
        try (var client = CdpClient.connect(
                hearth.http(), URI.create(session.path("connectUrl").asText()))) {
            client.call(null, "Browser.getVersion", Map.of());
        } catch (IOException refused) {
            if (String.valueOf(refused.getMessage()).contains("answered 410")) {
                return false;
            }
            throw refused;
        }
        hearth.release(session.path("id").asText());
        return true;
    }

    private static void stock(Connection database, String agent) throws SQLException {
        try (var pool = database.prepareStatement("""
                        INSERT INTO hearth_control.pool
                        SELECT (jsonb_populate_record(p, jsonb_build_object('id', ?::uuid, 'name', ?::text))).*
                          FROM hearth_control.pool p
                         WHERE name = 'local-east'
                        """);
                var rows = database.prepareStatement("""
                        INSERT INTO hearth.browser (id, pool_id, namespace, pool, region, pod_name, pod_uid, address, state,
                               claimable, revision, token_hash)
                        SELECT gen_random_uuid(), p.id, p.namespace, p.name, p.region, 'simulated-' || n, 'pod-uid', ?,
                               'WARM', true, '', ''
                          FROM hearth_control.pool p, generate_series(1, ?) n
                         WHERE p.name = ?
                        """)) {
            pool.setObject(1, POOL_ID);
            pool.setString(2, POOL);
            pool.executeUpdate();
            rows.setString(1, agent);
            rows.setInt(2, PORTION);
            rows.setString(3, POOL);
            rows.executeUpdate();
        }
    }

    private static void clear(Connection database) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute("DELETE FROM hearth.browser WHERE pool = '" + POOL + "'");
            statement.execute("DELETE FROM hearth_control.pool WHERE name = '" + POOL + "'");
        }
    }

    /** As the operator of a local Hearth finds its database: the port beside its lock, the password in a file. */
    private static Connection connect(Path postgres) throws Exception {
        try (var files = Files.walk(postgres, 3)) {
            var lock = files.filter(file -> file.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + Files.readAllLines(lock).get(3) + "/hearth",
                    "hearth",
                    Files.readString(postgres.resolve("password")).strip());
        }
    }
}
