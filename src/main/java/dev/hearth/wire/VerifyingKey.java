package dev.hearth.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A public Ed25519 key, decoded once. */
public final class VerifyingKey {
    /** RFC 8410: all that stands before the 32 bytes in such a key's X.509 form. */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] encoded;
    private final Ed25519.PublicPoint point;

    private VerifyingKey(byte[] encoded, Ed25519.PublicPoint point) {
        this.encoded = encoded;
        this.point = point;
    }

    /** @throws IllegalArgumentException where the 32 bytes are no point that a key could be */
    static VerifyingKey of(byte[] encoded) {
        var point = Ed25519.validatePublicKeyFullExport(encoded, 0);
        if (point == null) {
            throw new IllegalArgumentException("not an Ed25519 public key");
        }
        return new VerifyingKey(encoded.clone(), point);
    }

    /** @throws IllegalArgumentException where this is not the X.509 form of an Ed25519 public key */
    public static VerifyingKey ofX509(byte[] der) {
        if (der.length != X509.length + Ed25519.PUBLIC_KEY_SIZE
                || !Arrays.equals(X509, Arrays.copyOf(der, X509.length))) {
            throw new IllegalArgumentException("not an Ed25519 public key");
        }
        return of(Arrays.copyOfRange(der, X509.length, der.length));
    }

    public byte[] x509() {
        return after(X509, encoded);
    }

    static byte[] after(byte[] head, byte[] key) {
        var der = Arrays.copyOf(head, head.length + key.length);
        System.arraycopy(key, 0, der, head.length, key.length);
        return der;
    }

    /** Whether the owner of this key signed this very text. */
    public boolean signed(String text, byte[] signature) {
        var message = text.getBytes(StandardCharsets.UTF_8);
        return signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, point, message, 0, message.length);
    }
}
