package dev.hearth.local.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the mount paths of a container to where its volumes are on this machine, since containers are not chrooted.
 *
 * <p>An occurrence counts as a path when it starts the text or follows something that cannot belong to a path
 * ({@code =}, {@code :}, a blank, a quote, …, or the {@code ://} of a URL), and when it is followed by a slash or by
 * something that cannot belong to a file's name. So {@code --user-data-dir=/browser/profile} is rewritten, while
 * {@code /browser-old}, {@code /home/browser} and {@code -I/browser} are not. Text that was put in is never looked at again.
 */
record PathMapping(List<Mount> mounts) {
    record Mount(String mountPath, String target) {}

    PathMapping {
        var sorted = new ArrayList<>(mounts);
        // The longest first: /browser/profile must not fall to a mount at /browser.
        sorted.sort(Comparator.comparingInt((Mount mount) -> mount.mountPath().length())
                .reversed());
        mounts = List.copyOf(sorted);
    }

    String apply(String text) {
        var out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            var mount = mountAt(text, at);
            if (mount == null) {
                out.append(text.charAt(at++));
            } else {
                out.append(mount.target());
                at += mount.mountPath().length();
            }
        }
        return out.toString();
    }

    private @Nullable Mount mountAt(String text, int at) {
        if (text.charAt(at) != '/' || !startsPath(text, at)) {
            return null;
        }
        for (var mount : mounts) {
            if (text.startsWith(mount.mountPath(), at)
                    && endsName(text, at + mount.mountPath().length())) {
                return mount;
            }
        }
        return null;
    }

    private static boolean startsPath(String text, int at) {
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        return before == '/' ? text.startsWith("://", at - 3) : !isNameCharacter(before) && before != '~';
    }

    private static boolean endsName(String text, int at) {
        return at == text.length() || !isNameCharacter(text.charAt(at));
    }

    private static boolean isNameCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
    }
}
