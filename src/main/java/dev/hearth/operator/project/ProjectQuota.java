package dev.hearth.operator.project;

import dev.hearth.claim.Directory;
import dev.hearth.operator.DurationText;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ConfigMap {@code hearth-project} of a namespace. A value that cannot be read is named, and counts as unset. */
record ProjectQuota(
        @Nullable Integer concurrency,
        @Nullable Duration defaultTimeout,
        @Nullable Integer createsPerMinute,
        List<String> complaints) {
    static final String NAME = "hearth-project";

    private static final Duration LONGEST = Duration.ofHours(6);

    static ProjectQuota read(@Nullable ConfigMap map) {
        Map<String, String> data = map == null || map.getData() == null ? Map.of() : map.getData();
        var complaints = new ArrayList<String>();
        return new ProjectQuota(
                atLeast(0, "concurrency", data, complaints),
                timeout(data.get("defaultTimeout"), complaints),
                atLeast(1, "createsPerMinute", data, complaints),
                complaints);
    }

    Directory.Project of(String namespace) {
        return new Directory.Project(namespace, concurrency, defaultTimeout, createsPerMinute);
    }

    private static @Nullable Integer atLeast(
            int least, String field, Map<String, String> data, List<String> complaints) {
        var text = data.get(field);
        if (text == null) {
            return null;
        }
        try {
            var number = Integer.parseInt(text.strip());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            complaints.add(field + " '" + text + "' is not a number");
            return null;
        }
        complaints.add(field + " must be " + least + " or more");
        return null;
    }

    private static @Nullable Duration timeout(@Nullable String text, List<String> complaints) {
        if (text == null) {
            return null;
        }
        try {
            var timeout = DurationText.parse(text.strip());
            if (timeout.isPositive() && timeout.compareTo(LONGEST) <= 0) {
                return timeout;
            }
            complaints.add("defaultTimeout must be more than 0 and at most 6h");
        } catch (IllegalArgumentException malformed) {
            complaints.add("defaultTimeout " + malformed.getMessage());
        }
        return null;
    }
}
