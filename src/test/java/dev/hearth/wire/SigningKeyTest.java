package dev.hearth.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Gateways and agents of different versions, and OpenSSL, read each other's keys and signatures. */
class SigningKeyTest {
    private static final String TEXT = "hearth-url-v1|01a205d5-c53b-84ac-96a2-982e51bc8bd7";

    @Test
    void signsAsTheJdkDoes() throws Exception {
        for (var n = 0; n < 50; n++) {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var key = SigningKey.ofPkcs8(pair.getPrivate().getEncoded());
            var jdk = Signature.getInstance("Ed25519");
            jdk.initSign(pair.getPrivate());
            jdk.update(TEXT.getBytes(StandardCharsets.UTF_8));

            assertThat(key.sign(TEXT)).isEqualTo(jdk.sign());
            assertThat(key.verifying().x509()).isEqualTo(pair.getPublic().getEncoded());
        }
    }

    @Test
    void theJdkReadsItsKeysAndTakesItsSignatures() throws Exception {
        var key = SigningKey.generate();
        var keys = KeyFactory.getInstance("Ed25519");
        var jdk = Signature.getInstance("Ed25519");
        jdk.initVerify(
                keys.generatePublic(new X509EncodedKeySpec(key.verifying().x509())));
        jdk.update(TEXT.getBytes(StandardCharsets.UTF_8));

        assertThat(jdk.verify(key.sign(TEXT))).isTrue();
        assertThat(keys.generatePrivate(new PKCS8EncodedKeySpec(key.pkcs8())).getEncoded())
                .isEqualTo(key.pkcs8());
    }

    @Test
    void everyChangedBitIsRefused() {
        var key = SigningKey.generate();
        var signature = key.sign(TEXT);
        assertThat(key.verifying().signed(TEXT, signature)).isTrue();
        assertThat(key.verifying().signed(TEXT + " ", signature)).isFalse();
        assertThat(SigningKey.generate().verifying().signed(TEXT, signature)).isFalse();
        for (var bit = 0; bit < 8 * signature.length; bit++) {
            var changed = signature.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(key.verifying().signed(TEXT, changed)).as("bit " + bit).isFalse();
        }
        assertThat(key.verifying().signed(TEXT, new byte[0])).isFalse();
        assertThat(key.verifying().signed(TEXT, new byte[65])).isFalse();
    }

    @Test
    void whatIsNoKeyIsRefused() {
        var good = SigningKey.generate().verifying().x509();
        // The neutral element: whoever has it as a key needs no secret to sign.
        var neutral = HexFormat.of().parseHex("302a300506032b6570032100" + "01" + "00".repeat(31));
        var other = good.clone();
        other[8]++;
        for (var bad : new byte[][] {{}, java.util.Arrays.copyOf(good, 43), other, neutral}) {
            assertThatThrownBy(() -> VerifyingKey.ofX509(bad)).hasMessageContaining("not an Ed25519 public key");
        }
        assertThatThrownBy(() -> SigningKey.ofPkcs8(good)).hasMessageContaining("not an Ed25519 private key");
    }
}
