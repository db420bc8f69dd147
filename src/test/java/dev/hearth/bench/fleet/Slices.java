package dev.hearth.bench.fleet;

import dev.hearth.claim.HeartbeatStore.Health;
import dev.hearth.claim.HeartbeatStore.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One writer's part of a fleet, round and round: its browsers are no other writer's. */
public final class Slices {
    private final int first;
    private final int step;
    private final int size;
    private int next;
    private long sequence = 1;

    public Slices(int writer, int writers, int browsers) {
        this.first = writer;
        this.step = writers;
        this.size = browsers / writers;
    }

    public UUID browser() {
        if (next == size) {
            next = 0;
            sequence++;
        }
        return FleetIds.id(first + step * next++);
    }

    public List<Report> reports(int count) {
        var reports = new ArrayList<Report>(count);
        while (reports.size() < count) {
            var browser = browser();
            reports.add(new Report(
                    browser, FleetRows.POD, sequence, Health.READY, Optional.empty(), 0, 0, false, false, 0, 0));
        }
        return reports;
    }
}
