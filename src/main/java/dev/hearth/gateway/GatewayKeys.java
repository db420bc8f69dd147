package dev.hearth.gateway;

import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The gateways' Ed25519 keys: the first signs session URLs and grants, all verify URLs, so that a key can be rotated
 * without ending a session. Agents must know {@link #publicKeys} before a gateway starts to sign with a new key.
 */
public final class GatewayKeys {
    /** Keeps a URL's signature from ever being accepted as that of a grant. */
    private static final String URL_DOMAIN = "hearth-url-v1|";

    /** What is remembered of URLs; past it we forget them all, and sign and verify again. */
    private static final int MOST = 10_000;

    private final PrivateKey signing;
    private final List<PublicKey> verifying;
    /** What this process signed it knows: verifying it, or signing it again, costs as much as a claim. */
    private final ConcurrentHashMap<UUID, String> issued = new ConcurrentHashMap<>();

    private GatewayKeys(PrivateKey signing, List<PublicKey> verifying) {
        this.signing = signing;
        this.verifying = List.copyOf(verifying);
    }

    /** @throws IllegalArgumentException naming the file and what is wrong with it */
    public static GatewayKeys load(List<Path> files) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("hearth.gateway.signing-key-file is empty: the gateway does not start"
                    + " without an Ed25519 key (openssl genpkey -algorithm ed25519)");
        }
        var verifying = new ArrayList<PublicKey>();
        PrivateKey signing = null;
        for (var file : files) {
            switch (read(file)) {
                case Loaded.Pair(var pair) -> {
                    signing = signing == null ? pair.getPrivate() : signing;
                    verifying.add(pair.getPublic());
                }
                case Loaded.Public(var key) -> {
                    if (signing == null) {
                        throw new IllegalArgumentException(
                                file + " holds a public key; the first file must be private");
                    }
                    verifying.add(key);
                }
            }
        }
        return new GatewayKeys(java.util.Objects.requireNonNull(signing), verifying);
    }

    /** A new key, written for its owner's eyes only; for local mode and first installations. */
    public static GatewayKeys generate(Path file) {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, pem(pair.getPrivate()));
            return new GatewayKeys(pair.getPrivate(), List.of(pair.getPublic()));
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write " + file, unwritable);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Base64 X.509, comma-separated: what agents get as {@code HEARTH_GRANT_KEYS}. */
    public String publicKeys() {
        return String.join(
                ",",
                verifying.stream()
                        .map(key -> Base64.getEncoder().encodeToString(key.getEncoded()))
                        .toList());
    }

    public String seal(Grant grant) {
        return GrantCodec.seal(grant, signing);
    }

    /** The session URL's signature: always the same for one session, valid as long as the session lives. */
    public String token(UUID session) {
        if (issued.size() >= MOST) {
            issued.clear();
        }
        return issued.computeIfAbsent(session, id -> sign(URL_DOMAIN + id));
    }

    public boolean signed(UUID session, String token) {
        var known = issued.get(session);
        return (known != null && same(known, token)) || signed(URL_DOMAIN + session, token);
    }

    /** @param text begins with a domain of its own, so that no signature means two things */
    String sign(String text) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(signing);
            signature.update(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("cannot sign with the gateway's Ed25519 key", impossible);
        }
    }

    boolean signed(String text, String token) {
        // 64 bytes are 86 characters; whatever else comes is refused before any cryptography.
        if (token.length() != 86) {
            return false;
        }
        try {
            var signed = Base64.getUrlDecoder().decode(token);
            var message = text.getBytes(StandardCharsets.UTF_8);
            return verifying.stream().anyMatch(key -> verified(message, signed, key));
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "GatewayKeys[" + verifying.size() + " verifying]";
    }

    private static boolean verified(byte[] message, byte[] signed, PublicKey key) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException forged) {
            return false;
        }
    }

    private sealed interface Loaded {
        record Pair(KeyPair pair) implements Loaded {}

        record Public(PublicKey key) implements Loaded {}
    }

    private static Loaded read(Path file) {
        try {
            var text = Files.readString(file);
            var der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
            var keys = KeyFactory.getInstance("Ed25519");
            if (text.contains("PUBLIC KEY")) {
                return new Loaded.Public(keys.generatePublic(new X509EncodedKeySpec(der)));
            }
            return new Loaded.Pair(completed((EdECPrivateKey) keys.generatePrivate(new PKCS8EncodedKeySpec(der))));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot read the signing key " + file + ": "
                    + unreadable.getClass().getSimpleName());
        } catch (GeneralSecurityException | RuntimeException malformed) {
            throw new IllegalArgumentException(
                    file + " holds no Ed25519 key (PKCS#8 or X.509, PEM or base64)", malformed);
        }
    }

    /** PKCS#8 files of OpenSSL carry no public half. The JDK derives it only when it generates: so it "generates" this one. */
    private static KeyPair completed(EdECPrivateKey key) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(
                NamedParameterSpec.ED25519, new KnownBytes(key.getBytes().orElseThrow()));
        var pair = generator.generateKeyPair();
        if (!java.util.Arrays.equals(pair.getPrivate().getEncoded(), key.getEncoded())) {
            throw new GeneralSecurityException("the public half cannot be derived on this JDK");
        }
        return pair;
    }

    private static String pem(PrivateKey key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    /** Gives out known bytes instead of random ones. */
    private static final class KnownBytes extends java.security.SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] bytes;

        KnownBytes(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, Math.min(bytes.length, target.length));
        }
    }
}
