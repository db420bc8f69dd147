package dev.hearth.gateway;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The right to look at a live session, as one segment of a path: {@code ro.<until>.<signature>}, or {@code rw} for a viewer
 * who may also act, with an {@code s} behind for one who only has to have begun by then. It says nothing about whether the
 * session lives.
 */
public final class ViewTokens {
    /** Keeps its signature from ever being accepted as that of a session's URL or of a grant. */
    private static final String DOMAIN = "hearth-view-v1|";

    private static final Pattern FORM = Pattern.compile("(r[ow]s?)\\.([0-9]{1,12})\\.([A-Za-z0-9_-]{86})");

    private final GatewayKeys keys;

    public ViewTokens(GatewayKeys keys) {
        this.keys = keys;
    }

    /** What {@link View#until} bounds. */
    public enum Bound {
        /** It ends then. */
        WHOLE(""),
        /** It has to have begun by then, and goes on with the session. */
        START("s");

        private final String mark;

        Bound(String mark) {
            this.mark = mark;
        }
    }

    /** @param readOnly may look, and command nothing */
    public record View(boolean readOnly, Instant until, Bound bound) {
        private String word() {
            return (readOnly ? "ro" : "rw") + bound.mark;
        }

        private static View of(String word, Instant until) {
            return new View(word.startsWith("ro"), until, word.endsWith("s") ? Bound.START : Bound.WHOLE);
        }
    }

    public String seal(UUID session, View view) {
        var until = view.until().getEpochSecond();
        return view.word() + "." + until + "." + keys.sign(message(session, view.word(), until));
    }

    /** Empty for what we did not sign for this session; whether it has expired is the caller's to see. */
    public Optional<View> open(UUID session, String token) {
        var form = FORM.matcher(token);
        if (!form.matches()) {
            return Optional.empty();
        }
        var until = Long.parseLong(form.group(2));
        return keys.signed(message(session, form.group(1), until), form.group(3))
                ? Optional.of(View.of(form.group(1), Instant.ofEpochSecond(until)))
                : Optional.empty();
    }

    private static String message(UUID session, String word, long until) {
        return DOMAIN + session + "|" + word + "|" + until;
    }
}
