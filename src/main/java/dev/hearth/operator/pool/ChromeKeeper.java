package dev.hearth.operator.pool;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps Chrome's process in a pod that serves several sessions: a shell starts a new Chrome when the old one ends, if the
 * agent has asked for it by a mark, after all that the old one left is gone: its processes, its profile, its temporary
 * files. Without the mark Chrome's end is the container's, with Chrome's exit code.
 */
public final class ChromeKeeper {
    /** Beside the profile, so that it goes with it. */
    static final String MARK = BrowserPod.SHARED + "/again";

    private static final List<String> PLACES = List.of(BrowserPod.SHARED, "/tmp", "/dev/shm");

    /**
     * Kubernetes would expand a dollar before a parenthesis or another dollar. The first process of a container has no parent:
     * only there may all other processes be ended, and short paths be emptied.
     */
    public static final String SCRIPT = """
            mark=$1 shared=$2 tmp=$3 shm=$4
            shift 4
            over= chrome=
            empty() {
              case "$PPID:$1" in
                0:/* | *:/*/*/*) rm -rf "$1"/* "$1"/.[!.]* "$1"/..?* ;;
                *) echo "will not empty $1: this is no container" >&2; exit 70 ;;
              esac
              if [ -n "`ls -A "$1"`" ]; then
                echo "cannot empty $1" >&2
                exit 70
              fi
            }
            trap 'over=1; [ -z "$chrome" ] || kill -TERM "$chrome"' TERM INT
            while [ -z "$over" ]; do
              "$@" &
              chrome=$!
              code=0
              wait "$chrome" || code=$?
              while kill -0 "$chrome" 2>/dev/null; do
                code=0
                wait "$chrome" || code=$?
              done
              if [ -n "$over" ] || [ ! -e "$mark" ]; then
                exit "$code"
              fi
              if [ "$PPID" = 0 ]; then
                kill -KILL -1
              fi
              empty "$shared"
              empty "$tmp"
              empty "$shm"
            done
            exit 143
            """;

    /** Words before the program itself: the shell, its script, the script's name and arguments. */
    public static final int WORDS = 8;

    private ChromeKeeper() {}

    /** @param program that starts Chrome and stays its process */
    static List<String> command(String program) {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "chrome-keeper", MARK));
        command.addAll(PLACES);
        command.add(program);
        return List.copyOf(command);
    }
}
