package dev.hearth.cloudflare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.hearth.gateway.Problem;
import dev.hearth.gateway.RawAnswers.Form;
import dev.hearth.gateway.Refusal;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Refusals as Cloudflare's clients show them to people. */
final class RefusalForms {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The binding's clients put the body as it is behind {@code code: 429: message:}. */
    static final Form WORDS = new Form("text/plain; charset=UTF-8", RefusalForms::words);

    /** REST's envelope. */
    static final Form ENVELOPE = new Form("application/json; charset=UTF-8", RefusalForms::envelope);

    private RefusalForms() {}

    private static byte[] words(Refusal refusal, String requestId) {
        return (message(refusal) + " [" + refusal.problem().slug() + ", request " + requestId + "]")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] envelope(Refusal refusal, String requestId) {
        var json = JsonNodeFactory.instance.objectNode().put("success", false);
        var error = json.putArray("errors").addObject();
        error.put("code", refusal.problem().status())
                .put("message", message(refusal))
                .put("documentation_url", refusal.problem().type());
        if (refusal.field() != null) {
            error.putObject("source").put("pointer", refusal.field());
        }
        error.putObject("hearth").put("code", refusal.problem().slug()).put("requestId", requestId);
        json.putArray("messages");
        json.putNull("result");
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The other faces' advice for a held session is a parameter that these clients cannot send. */
    private static String message(Refusal refusal) {
        return refusal.problem() == Problem.SESSION_BUSY && refusal.extra().get("heldSinceMillis") instanceof Long held
                ? "Another client holds this session since " + held / 1000
                        + " s; connect to another one or launch a new browser."
                : refusal.detail();
    }
}
