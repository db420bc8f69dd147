package dev.hearth.local.node;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes and unmakes what a pod needs before its first container: address, directory, volumes. Used by one thread. */
final class PodPlace {
    /** Walking a browser's profile takes a millisecond; a kubelet looks every 10 s. */
    private static final Duration BETWEEN_MEASURES = Duration.ofSeconds(3);

    private final NodeContext node;
    private final Pod pod;
    private final PodPlan.Run plan;
    private final PodDirectory directory;
    private @Nullable Place place;
    private @Nullable ContainerLauncher launcher;
    private String waitsFor = "";
    private Instant measured = Instant.EPOCH;

    PodPlace(NodeContext node, Pod pod, PodPlan.Run plan) {
        this.node = node;
        this.pod = pod;
        this.plan = plan;
        this.directory = node.directory().pod(pod.getMetadata().getUid());
    }

    PodDirectory directory() {
        return directory;
    }

    /** Goes as far as it can; what is missing may come later and is asked for again. */
    void advance() {
        if (launcher != null) {
            return;
        }
        var here = place == null ? settle() : place;
        if (here == null) {
            return;
        }
        place = here;
        var missing = fillVolumes();
        waitsFor = missing.orElse("");
        if (missing.isEmpty()) {
            launcher = new ContainerLauncher(node, pod, here);
        }
    }

    private @Nullable Place settle() {
        var address = node.addresses().take();
        if (address.isEmpty()) {
            waitsFor = "all loopback addresses of this node are in use";
            return null;
        }
        directory.create();
        return new Place(directory, node.directory().link(directory), address.get());
    }

    private Optional<String> fillVolumes() {
        var inputs = new PodInputs(node.client(), pod);
        for (var volume : plan.volumes()) {
            var missing = inputs.fill(volume, directory.createVolume(volume));
            if (missing.isPresent()) {
                return missing.map(what -> "volume %s: %s".formatted(volume.name(), what));
            }
        }
        return Optional.empty();
    }

    /** Empty until everything is there. */
    Optional<ContainerLauncher> launcher() {
        return Optional.ofNullable(launcher);
    }

    Optional<String> address() {
        return Optional.ofNullable(place).map(Place::address);
    }

    String waitsFor() {
        return waitsFor;
    }

    /** Which volume holds more than it may, as the message of an eviction. */
    Optional<String> excess() {
        var now = node.clock().instant();
        if (launcher == null || now.isBefore(measured.plus(BETWEEN_MEASURES))) {
            return Optional.empty();
        }
        measured = now;
        for (var volume : plan.volumes()) {
            if (volume instanceof VolumePlan.EmptyDirectory(var name, var _, var limit)
                    && limit.isPresent()
                    && Directories.size(directory.volume(directory.path(), name)) > limit.getAsLong()) {
                return Optional.of("Usage of EmptyDir volume \"%s\" exceeds the limit of %d bytes"
                        .formatted(name, limit.getAsLong()));
            }
        }
        return Optional.empty();
    }

    /** Only after the last process is gone: the address may be somebody else's at once. */
    void leave() {
        if (place != null) {
            removeLink(place.base());
            node.addresses().giveBack(place.address());
        }
    }

    private static void removeLink(Path link) {
        if (Files.isSymbolicLink(link)) {
            Directories.delete(link);
        }
    }
}
