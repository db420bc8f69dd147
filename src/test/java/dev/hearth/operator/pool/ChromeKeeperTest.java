package dev.hearth.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the shell of a pod that serves several sessions does, with a real shell and a program that stands in for Chrome. */
class ChromeKeeperTest {
    @TempDir
    Path parent;

    private Path home;

    private Path shared;
    private Path tmp;
    private Path shm;
    private Path log;

    @BeforeEach
    void places() throws IOException {
        home = Files.createDirectory(parent.resolve("with a blank"));
        shared = Files.createDirectory(home.resolve("shared"));
        tmp = Files.createDirectory(home.resolve("tmp"));
        shm = Files.createDirectory(home.resolve("shm"));
        log = home.resolve("log");
    }

    @Test
    void withoutAMarkTheProgramsEndIsTheContainersWithItsCode() throws Exception {
        var keeper = keep(ChromeKeeper.SCRIPT, "echo begun >>\"$LOG\"; exit 7");

        assertThat(exitOf(keeper)).isEqualTo(7);
        assertThat(log).hasContent("begun");
    }

    @Test
    void withAMarkANewOneBeginsOnNothingThatTheOldOneLeft() throws Exception {
        assertThat(exitOf(keep(ChromeKeeper.SCRIPT, LEAVES_THINGS))).isEqualTo(3);
        assertThat(log).hasContent("first\nfound nothing");
    }

    @Test
    void whatCannotBeEmptiedEndsTheContainer() throws Exception {
        var forgetful = ChromeKeeper.SCRIPT.replace("rm -rf", ": rm -rf");

        assertThat(exitOf(keep(forgetful, LEAVES_THINGS))).isEqualTo(70);
        assertThat(log).hasContent("first");
    }

    @Test
    void aScriptThatNeitherEmptiesNorLooksWouldBeFoundOut() throws Exception {
        var blind = ChromeKeeper.SCRIPT.replace("rm -rf", ": rm -rf").replace("`ls -A \"$1\"`", "");

        assertThat(exitOf(keep(blind, LEAVES_THINGS))).isEqualTo(3);
        assertThat(log).content().contains("found junk");
    }

    @Test
    void aStopReachesTheProgramAndEndsItForGoodEvenWithAMark() throws Exception {
        var keeper = keep(
                ChromeKeeper.SCRIPT,
                "trap 'echo stopped >>\"$LOG\"; exit 0' TERM; echo begun >>\"$LOG\"; while :; do sleep 0.05; done");
        Awaitility.await().until(() -> Files.exists(log));
        Files.createFile(shared.resolve("again"));

        keeper.destroy();

        assertThat(exitOf(keeper)).isZero();
        assertThat(log).hasContent("begun\nstopped");
    }

    @Test
    void outsideOfAContainerAShortPathIsNotEmptied() throws Exception {
        var elsewhere = ChromeKeeper.SCRIPT.replace("tmp=$3", "tmp=/no-such-place");

        assertThat(exitOf(keep(elsewhere, LEAVES_THINGS))).isEqualTo(70);
        assertThat(home.resolve("errors")).content().contains("will not empty /no-such-place");
    }

    @Test
    void kubernetesFindsNothingToExpandInIt() {
        assertThat(ChromeKeeper.SCRIPT).doesNotContain("$(", "$$");
        assertThat(ChromeKeeper.command("chrome")).hasSize(ChromeKeeper.WORDS + 1);
    }

    private static final String LEAVES_THINGS = """
            if [ -e "$LOG" ]; then
              rm -f "$SHARED/again"
              for place in "$SHARED" "$TMP" "$SHM"; do
                for one in junk .hidden ..odd; do
                  if [ -e "$place/$one" ]; then echo "found $one" >>"$LOG"; exit 3; fi
                done
              done
              echo "found nothing" >>"$LOG"
              exit 3
            fi
            echo first >>"$LOG"
            for place in "$SHARED" "$TMP" "$SHM"; do
              mkdir -p "$place/junk/deep" "$place/.hidden" && touch "$place/junk/deep/file" "$place/..odd"
            done
            touch "$SHARED/again"
            """;

    private Process keep(String script, String program) throws IOException {
        var command = new ArrayList<>(KeptChrome.command("sh", home));
        command.set(2, script);
        command.addAll(List.of("-c", program));
        var builder =
                new ProcessBuilder(command).redirectError(home.resolve("errors").toFile());
        builder.environment().put("LOG", log.toString());
        builder.environment().put("SHARED", shared.toString());
        builder.environment().put("TMP", tmp.toString());
        builder.environment().put("SHM", shm.toString());
        return builder.start();
    }

    private static int exitOf(Process keeper) throws InterruptedException {
        assertThat(keeper.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return keeper.exitValue();
    }
}
