package dev.hearth.claim;

import dev.hearth.claim.Vacancies.Vacancy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who waits for a browser at one gateway, and whose turn it is: projects take turns, inside one the first comes first. A
 * turn is spent by being served, never by having looked in vain. Pure, and not for several threads at once.
 */
public final class WaitingLine {
    private final Bounds bounds;
    /** In the order of their turns. */
    private final Map<String, LinkedHashSet<Waiter>> projects = new LinkedHashMap<>();

    private int size;

    public WaitingLine(Bounds bounds) {
        this.bounds = bounds;
    }

    /** How many may wait in all, and of one project: else one project's waiters would shut the others out. */
    public record Bounds(int most, int mostOfProject) {}

    /**
     * @param ticket tells waiters apart that are alike in all else
     * @param pools any of them will do
     * @param until then it has waited long enough
     */
    public record Waiter(long ticket, String project, List<UUID> pools, Instant until) {
        public Waiter {
            pools = List.copyOf(pools);
        }
    }

    /** What the line says to who wants in. */
    public sealed interface Entry {
        /** @param position how many are served up to it, itself included, if every pool serves everybody */
        record Entered(int position) implements Entry {}

        record LineFull(int most) implements Entry {}

        record ProjectFull(int most) implements Entry {}
    }

    public Entry enter(Waiter waiter) {
        var own = projects.get(waiter.project());
        if (own != null && own.size() >= bounds.mostOfProject()) {
            return new Entry.ProjectFull(bounds.mostOfProject());
        }
        if (size >= bounds.most()) {
            return new Entry.LineFull(bounds.most());
        }
        projects.computeIfAbsent(waiter.project(), _ -> new LinkedHashSet<>()).add(waiter);
        size++;
        return new Entry.Entered(position(waiter));
    }

    private int position(Waiter waiter) {
        var own = projects.getOrDefault(waiter.project(), new LinkedHashSet<>()).size();
        var position = own;
        var before = true;
        for (var project : projects.entrySet()) {
            if (project.getKey().equals(waiter.project())) {
                before = false;
            } else {
                position += Math.min(project.getValue().size(), before ? own : own - 1);
            }
        }
        return position;
    }

    /** Those who should claim now, in the order of their turns: no more than there is for them. They stay in the line. */
    public List<Waiter> next(Vacancy vacancy) {
        var browsers = new HashMap<UUID, Integer>();
        vacancy.pools().forEach((pool, stock) -> browsers.put(pool, stock.claimable()));
        var room = new HashMap<String, Integer>();
        vacancy.projects().forEach((project, left) -> room.put(project, left.left()));
        var asking = new LinkedHashMap<String, Iterator<Waiter>>();
        projects.forEach((project, waiters) -> asking.put(project, waiters.iterator()));
        var turns = new ArrayList<Waiter>();
        while (!asking.isEmpty()) {
            asking.entrySet().removeIf(project -> {
                if (room.getOrDefault(project.getKey(), Integer.MAX_VALUE) <= 0) {
                    return true;
                }
                var found = firstServed(project.getValue(), browsers);
                found.forEach(turns::add);
                room.computeIfPresent(project.getKey(), (_, left) -> left - found.size());
                return found.isEmpty();
            });
        }
        return turns;
    }

    /** Who cannot be served is passed over: what he waits for, those behind him may not. */
    private static List<Waiter> firstServed(Iterator<Waiter> waiters, Map<UUID, Integer> browsers) {
        while (waiters.hasNext()) {
            var waiter = waiters.next();
            for (var pool : waiter.pools()) {
                var left = browsers.getOrDefault(pool, 0);
                if (left > 0) {
                    browsers.put(pool, left - 1);
                    return List.of(waiter);
                }
            }
        }
        return List.of();
    }

    /** Served: the turn passes to the next project. */
    public void served(Waiter waiter) {
        if (leave(waiter)) {
            var rest = projects.remove(waiter.project());
            if (rest != null) {
                projects.put(waiter.project(), rest);
            }
        }
    }

    /** Gone, for whatever reason; false where it was not in the line any more. */
    public boolean leave(Waiter waiter) {
        var own = projects.get(waiter.project());
        if (own == null || !own.remove(waiter)) {
            return false;
        }
        size--;
        if (own.isEmpty()) {
            projects.remove(waiter.project());
        }
        return true;
    }

    /** Those whose wait is over, or will be before a claim that starts now could be answered. They stay in the line. */
    public List<Waiter> tooLate(Instant now, Duration claimTakes) {
        var last = now.plus(claimTakes);
        return waiters().filter(waiter -> waiter.until().isBefore(last)).toList();
    }

    public Stream<Waiter> waiters() {
        return projects.values().stream().flatMap(Set::stream);
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }
}
