package dev.hearth.local.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDirectoryTest {
    @TempDir
    Path root;

    @Test
    void keepsItsIdentityAndGivesPodsShortNames() {
        String instance;
        try (var directory = NodeDirectory.open(root.resolve("n"))) {
            instance = directory.instance();
            var pod = directory.pod("3be08504-372d-4f99-8496-3c4d045c5080");
            pod.create();
            var socket = pod.temporary(directory.link(pod), "chrome")
                    .resolve("org.chromium.Chromium.AbCdEf/SingletonSocket");

            assertThat(socket.toString()).as("a Unix socket's path").hasSizeLessThan(108);
            assertThat(pod.temporary(pod.path(), "chrome")).isDirectory();
        }
        try (var again = NodeDirectory.open(root.resolve("n"))) {
            assertThat(again.instance()).isEqualTo(instance);
            assertThat(again.podsOnDisk()).containsExactly("3be08504-372d-4f99-8496-3c4d045c5080");
        }
    }

    @Test
    void deletingAPodRemovesMemoryAndFollowsNoLink() throws Exception {
        var outside = Files.writeString(root.resolve("outside"), "kept");
        try (var directory = NodeDirectory.open(root.resolve("n"))) {
            var pod = directory.pod("uid");
            pod.create();
            var volume = pod.createVolume(new VolumePlan.EmptyDirectory("ram", true, OptionalLong.empty()));
            Files.writeString(volume.resolve("f"), "12345");
            Files.createSymbolicLink(volume.resolve("escape"), outside);
            var memory = volume.toRealPath();

            assertThat(Directories.size(volume)).isGreaterThanOrEqualTo(5);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pod.path())))
                    .isEqualTo("rwx------");
            pod.delete();

            assertThat(pod.path()).doesNotExist();
            assertThat(memory).doesNotExist();
            assertThat(outside).hasContent("kept");
        }
    }

    @Test
    void aGuessablePlaceThatIsALinkIsRefused() throws Exception {
        var link = Files.createSymbolicLink(root.resolve("link"), Files.createDirectory(root.resolve("theirs")));

        assertThatThrownBy(() -> Directories.createGuarded(link))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("as a private directory");
    }

    @Test
    void addressesAreOfThisStackAloneAndRunOutCleanly() {
        var mine = new LoopbackAddresses(40001);
        var theirs = new LoopbackAddresses(40002);
        var seen = new HashSet<String>();
        for (int i = 0; i < 254; i++) {
            seen.add(mine.take().orElseThrow());
        }

        assertThat(seen).hasSize(254).allMatch(address -> address.startsWith("127.156.65."));
        assertThat(mine.take()).isEmpty();
        assertThat(theirs.take()).contains("127.156.66.1");
        mine.giveBack("127.156.65.7");
        assertThat(mine.take()).contains("127.156.65.7");
    }
}
