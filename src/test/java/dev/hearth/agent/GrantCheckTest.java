package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.wire.Grant;
import dev.hearth.wire.GrantCodec;
import dev.hearth.wire.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrantCheckTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SigningKey OLD = SigningKey.generate();
    private static final SigningKey NEW = SigningKey.generate();
    private static final SigningKey STRANGER = SigningKey.generate();

    @Test
    void opensOurGatewaysGrantsAndNoOthers() {
        check(GrantCheck.of(List.of(OLD.verifying(), NEW.verifying()), "pod-1"));
    }

    @Test
    void aCheckThatForgetsThePodIsCaught() {
        assertCaught((header, now) -> GrantCodec.open(
                header, List.of(OLD.verifying(), NEW.verifying()), podIn(header), now, GrantCheck.SKEW));
    }

    @Test
    void aCheckThatForgetsTheSignatureIsCaught() {
        var keys = List.of(OLD.verifying(), NEW.verifying(), STRANGER.verifying());
        assertCaught((header, now) -> GrantCodec.open(header, keys, "pod-1", now, GrantCheck.SKEW));
    }

    @Test
    void aCheckThatForgetsExpiryIsCaught() {
        var keys = List.of(OLD.verifying(), NEW.verifying());
        assertCaught((header, _) -> GrantCodec.open(header, keys, "pod-1", Instant.EPOCH, GrantCheck.SKEW));
    }

    private static void assertCaught(GrantCheck mutant) {
        assertThatThrownBy(() -> check(mutant)).isInstanceOf(AssertionError.class);
    }

    private static void check(GrantCheck check) {
        var good = grant("pod-1", NOW.plusSeconds(60));
        assertThat(check.open(GrantCodec.seal(good, OLD), NOW)).isEqualTo(new GrantCodec.Opened.Valid(good));
        assertThat(check.open(GrantCodec.seal(good, NEW), NOW)).isEqualTo(new GrantCodec.Opened.Valid(good));
        assertRefused(check, GrantCodec.seal(good, STRANGER), "not signed by");
        assertRefused(check, GrantCodec.seal(grant("pod-2", NOW), NEW), "for another pod");
        assertRefused(check, GrantCodec.seal(grant("pod-1", NOW.minusSeconds(31)), OLD), "expired");
        var late = grant("pod-1", NOW.minus(Duration.ofSeconds(29)));
        assertThat(check.open(GrantCodec.seal(late, NEW), NOW)).isEqualTo(new GrantCodec.Opened.Valid(late));
        assertRefused(check, withOtherFields(GrantCodec.seal(good, NEW)), "not signed by");
        assertRefused(check, "", "no signature");
        assertRefused(check, "a.b", "");
        assertRefused(check, "%%.%%", "malformed");
        assertRefused(check, "x".repeat(2000), "longer than");
    }

    private static void assertRefused(GrantCheck check, String header, String why) {
        assertThat(check.open(header, NOW))
                .isInstanceOfSatisfying(
                        GrantCodec.Opened.Refused.class,
                        refused -> assertThat(refused.why()).contains(why));
    }

    private static Grant grant(String pod, Instant expires) {
        return new Grant(Grant.Kind.CLIENT, pod, new UUID(1, 2), 7, new UUID(3, 4), expires, true);
    }

    private static String withOtherFields(String header) {
        var fields = fieldsIn(header).replace("|7|", "|8|");
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fields.getBytes(StandardCharsets.UTF_8))
                + header.substring(header.indexOf('.'));
    }

    private static String podIn(String header) {
        return header.indexOf('.') < 0 || header.startsWith("%")
                ? ""
                : fieldsIn(header).split("\\|", -1)[1];
    }

    private static String fieldsIn(String header) {
        return new String(
                Base64.getUrlDecoder().decode(header.substring(0, header.indexOf('.'))), StandardCharsets.UTF_8);
    }
}
