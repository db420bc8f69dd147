package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
    @Test
    void readsEveryVariable() throws Exception {
        var parsed = AgentConfig.parse(good());
        assertThat(parsed).isInstanceOfSatisfying(AgentConfig.Parsed.Valid.class, valid -> {
            var config = valid.config();
            assertThat(config.ingest())
                    .containsExactly(new ConfigForms.Target("gateway", 9000), new ConfigForms.Target("fd00::1", 9001));
            assertThat(config.grantKeys()).hasSize(2);
            assertThat(config.listen()).hasToString("/127.0.0.1:9333");
            assertThat(config.toString()).doesNotContain("hush");
        });
    }

    @Test
    void thePodsAddressStandsInForListen() throws Exception {
        var environment = good();
        environment.remove("HEARTH_LISTEN");
        environment.put("HEARTH_POD_IP", "10.0.0.7");
        assertThat(AgentConfig.parse(environment))
                .isInstanceOfSatisfying(
                        AgentConfig.Parsed.Valid.class,
                        valid -> assertThat(valid.config().listen()).hasToString("/10.0.0.7:9222"));
    }

    @Test
    void namesEachVariableThatIsMissing() {
        assertThat(problems(Map.of()))
                .hasSize(7)
                .allMatch(line -> line.matches("HEARTH_[A-Z_]+ is not set; allowed: .+"));
    }

    @Test
    void namesEachVariableThatIsWrongWithoutRepeatingIt() throws Exception {
        for (var wrong : List.of(
                Map.entry("HEARTH_BROWSER", "bogus"),
                Map.entry("HEARTH_POD_UID", "bogus|uid"),
                Map.entry("HEARTH_BEAT_TOKEN", "bogus token"),
                Map.entry("HEARTH_INGEST", "bogus"),
                Map.entry("HEARTH_INGEST", "bogus:70000"),
                Map.entry("HEARTH_INGEST", "bogus:1,"),
                Map.entry("HEARTH_GRANT_KEYS", "bogus"),
                Map.entry("HEARTH_LISTEN", "bogus.example:80"),
                Map.entry("HEARTH_CHROME_DIR", "bogus/relative"))) {
            var environment = good();
            environment.put(wrong.getKey(), wrong.getValue());
            assertThat(problems(environment))
                    .as(wrong.toString())
                    .singleElement()
                    .asString()
                    .startsWith(wrong.getKey() + " is not valid; allowed: ")
                    .doesNotContain("bogus");
        }
    }

    private static List<String> problems(Map<String, String> environment) {
        return switch (AgentConfig.parse(environment)) {
            case AgentConfig.Parsed.Valid _ -> List.of();
            case AgentConfig.Parsed.Invalid(var problems) -> problems;
        };
    }

    private static Map<String, String> good() throws Exception {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        var keys = new String[2];
        for (var i = 0; i < 2; i++) {
            keys[i] = Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        }
        var environment = new HashMap<String, String>();
        environment.put("HEARTH_BROWSER", "5a2c9a4e-6f0e-4a79-8f7e-0d8b2b1c3d4e");
        environment.put("HEARTH_POD_UID", "5a2c9a4e-6f0e-4a79-8f7e-0d8b2b1c3d4f");
        environment.put("HEARTH_BEAT_TOKEN", "hush");
        environment.put("HEARTH_INGEST", "gateway:9000,[fd00::1]:9001");
        environment.put("HEARTH_GRANT_KEYS", String.join(",", keys));
        environment.put("HEARTH_LISTEN", "127.0.0.1:9333");
        environment.put("HEARTH_CHROME_DIR", "/chrome");
        return environment;
    }
}
