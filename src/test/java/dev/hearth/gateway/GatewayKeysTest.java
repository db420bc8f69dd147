package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.VerifyingKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeysTest {
    private static final UUID SESSION = UUID.fromString("01a205d5-c53b-84ac-96a2-982e51bc8bd7");

    @TempDir
    Path folder = Path.of(".");

    @Test
    void signsEachSessionsUrlAlwaysTheSame() {
        var keys = GatewayKeys.generate(folder.resolve("k"));
        assertThat(keys.token(SESSION)).isEqualTo(keys.token(SESSION)).hasSize(86);
        assertThat(keys.signed(SESSION, keys.token(SESSION))).isTrue();
        assertThat(keys.signed(UUID.randomUUID(), keys.token(SESSION))).isFalse();
        assertThat(GatewayKeys.load(List.of(folder.resolve("k"))).token(SESSION))
                .isEqualTo(keys.token(SESSION));
    }

    @Test
    void takesNoTokenThatWasChanged() {
        var keys = GatewayKeys.generate(folder.resolve("k"));
        var token = keys.token(SESSION);
        var random = new Random(1);
        for (var i = 0; i < 2_000; i++) {
            var bytes = Base64.getUrlDecoder().decode(token);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(keys.signed(
                            SESSION, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)))
                    .isFalse();
        }
        assertThat(keys.signed(SESSION, "")).isFalse();
        assertThat(keys.signed(SESSION, "!".repeat(86))).isFalse();
    }

    @Test
    void letsAKeyBeRotatedWithoutEndingSessions() throws Exception {
        var old = GatewayKeys.generate(folder.resolve("old"));
        var fresh = GatewayKeys.generate(folder.resolve("new"));
        var both = GatewayKeys.load(List.of(folder.resolve("new"), folder.resolve("old")));
        assertThat(both.token(SESSION)).isEqualTo(fresh.token(SESSION));
        assertThat(both.signed(SESSION, old.token(SESSION))).isTrue();
        assertThat(both.publicKeys()).isEqualTo(fresh.publicKeys() + "," + old.publicKeys());
        Files.writeString(
                folder.resolve("old.pub"),
                "-----BEGIN PUBLIC KEY-----\n" + old.publicKeys() + "\n-----END PUBLIC KEY-----\n");
        assertThat(GatewayKeys.load(List.of(folder.resolve("new"), folder.resolve("old.pub")))
                        .signed(SESSION, old.token(SESSION)))
                .isTrue();
        assertThat(fresh.signed(SESSION, old.token(SESSION))).isFalse();
    }

    @Test
    void sealsGrantsThatAgentsCanOpen() throws Exception {
        var keys = GatewayKeys.generate(folder.resolve("k"));
        var now = Instant.parse("2026-01-01T00:00:00Z");
        var grant = new Grant(Grant.Kind.CLIENT, "uid", SESSION, 3, UUID.randomUUID(), now.plusSeconds(60), true);
        var key = VerifyingKey.ofX509(Base64.getDecoder().decode(keys.publicKeys()));
        assertThat(GrantCodec.open(keys.seal(grant), key, "uid", now, Duration.ZERO))
                .isEqualTo(new GrantCodec.Opened.Valid(grant));
    }

    @Test
    void keepsAGeneratedKeyFromOthersEyes() throws Exception {
        GatewayKeys.generate(folder.resolve("k"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("k"))))
                .isEqualTo("rw-------");
    }

    @Test
    void takesPlainBase64AndNamesWhatIsWrong() throws Exception {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var plain = Files.writeString(
                folder.resolve("plain"),
                Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
        assertThat(GatewayKeys.load(List.of(plain)).publicKeys())
                .isEqualTo(Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
        assertThatThrownBy(() -> GatewayKeys.load(List.of())).hasMessageContaining("signing-key-file is empty");
        assertThatThrownBy(() -> GatewayKeys.load(List.of(folder.resolve("none"))))
                .hasMessageContaining("cannot read");
        var garbage = Files.writeString(folder.resolve("garbage"), "hello");
        assertThatThrownBy(() -> GatewayKeys.load(List.of(garbage))).hasMessageContaining("no Ed25519 key");
    }
}
