package dev.hearth.wire;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A private Ed25519 key that signs. Bouncy Castle's arithmetic takes a tenth of the time of the JDK's, whose signatures
 * were most of what a claim cost its gateway; the signatures are the same. Callers begin each text with a domain of its own.
 */
public final class SigningKey {
    /** RFC 8410: all that stands before the 32 bytes in such a key's PKCS#8 form. */
    private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private final byte[] secret;
    private final byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];

    private SigningKey(byte[] secret) {
        this.secret = secret;
        Ed25519.generatePublicKey(secret, 0, point, 0);
    }

    public static SigningKey generate() {
        var secret = new byte[Ed25519.SECRET_KEY_SIZE];
        Ed25519.generatePrivateKey(new SecureRandom(), secret);
        return new SigningKey(secret);
    }

    /** @throws IllegalArgumentException where this is not the PKCS#8 form of an Ed25519 private key */
    public static SigningKey ofPkcs8(byte[] der) {
        try {
            var key = (EdECPrivateKey) KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
            return new SigningKey(key.getBytes().orElseThrow());
        } catch (GeneralSecurityException notAKey) {
            throw new IllegalArgumentException("not an Ed25519 private key", notAKey);
        }
    }

    /** As OpenSSL writes it, without the public half. */
    public byte[] pkcs8() {
        return VerifyingKey.after(PKCS8, secret);
    }

    public VerifyingKey verifying() {
        return VerifyingKey.of(point);
    }

    /** 64 bytes. */
    public byte[] sign(String text) {
        var message = text.getBytes(StandardCharsets.UTF_8);
        var signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(secret, 0, point, 0, null, message, 0, message.length, signature, 0);
        return signature;
    }
}
