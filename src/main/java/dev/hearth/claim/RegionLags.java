package dev.hearth.claim;

import java.time.Duration;
import java.util.Map;

/** How long beats wait to be written, told by each gateway that holds some and read by all. */
public interface RegionLags {
    /** This gateway's, by virtual shard, in place of what it told before; of those that are missing nothing waits. */
    void tell(Map<Integer, Duration> lags);

    /** The longest of all gateways, by region. */
    Map<String, Duration> read();
}
