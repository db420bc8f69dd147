package dev.hearth.gateway;

import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.SigningKey;
import dev.hearth.wire.VerifyingKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
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

    private final SigningKey signing;
    private final List<VerifyingKey> verifying;
    /** What this process signed it knows: verifying it, or signing it again, costs as much as a claim. */
    private final ConcurrentHashMap<UUID, String> issued = new ConcurrentHashMap<>();

    private GatewayKeys(SigningKey signing, List<VerifyingKey> verifying) {
        this.signing = signing;
        this.verifying = List.copyOf(verifying);
    }

    /** @throws IllegalArgumentException naming the file and what is wrong with it */
    public static GatewayKeys load(List<Path> files) {
        if (files.isEmpty()) {
            throw new IllegalArgumentException("hearth.gateway.signing-key-file is empty: the gateway does not start"
                    + " without an Ed25519 key (openssl genpkey -algorithm ed25519)");
        }
        var verifying = new ArrayList<VerifyingKey>();
        SigningKey signing = null;
        for (var file : files) {
            switch (read(file)) {
                case Loaded.Private(var key) -> {
                    signing = signing == null ? key : signing;
                    verifying.add(key.verifying());
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
        return new GatewayKeys(Objects.requireNonNull(signing), verifying);
    }

    /** A new key, written for its owner's eyes only; for local mode and first installations. */
    public static GatewayKeys generate(Path file) {
        try {
            var key = SigningKey.generate();
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, pem(key));
            return new GatewayKeys(key, List.of(key.verifying()));
        } catch (IOException unwritable) {
            throw new UncheckedIOException("cannot write " + file, unwritable);
        }
    }

    /** Base64 X.509, comma-separated: what agents get as {@code HEARTH_GRANT_KEYS}. */
    public String publicKeys() {
        return String.join(
                ",",
                verifying.stream()
                        .map(key -> Base64.getEncoder().encodeToString(key.x509()))
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
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signing.sign(text));
    }

    boolean signed(String text, String token) {
        // 64 bytes are 86 characters; whatever else comes is refused before any cryptography.
        if (token.length() != 86) {
            return false;
        }
        try {
            var signed = Base64.getUrlDecoder().decode(token);
            return verifying.stream().anyMatch(key -> key.signed(text, signed));
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

    private sealed interface Loaded {
        record Private(SigningKey key) implements Loaded {}

        record Public(VerifyingKey key) implements Loaded {}
    }

    private static Loaded read(Path file) {
        try {
            var text = Files.readString(file);
            var der = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
            return text.contains("PUBLIC KEY")
                    ? new Loaded.Public(VerifyingKey.ofX509(der))
                    : new Loaded.Private(SigningKey.ofPkcs8(der));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot read the signing key " + file + ": "
                    + unreadable.getClass().getSimpleName());
        } catch (RuntimeException malformed) {
            throw new IllegalArgumentException(
                    file + " holds no Ed25519 key (PKCS#8 or X.509, PEM or base64)", malformed);
        }
    }

    private static String pem(SigningKey key) {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.pkcs8())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
