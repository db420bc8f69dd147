package dev.hearth.store;

import dev.hearth.claim.ClaimOutcome;
import dev.hearth.claim.ClaimRequest;
import dev.hearth.claim.Vacancies;
import java.time.Duration;
import java.util.HashMap;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at the pools of all shards that can be reached; a pool is in one of them, so what the others say of it is nothing. */
final class ShardedVacancies implements Vacancies {
    private final Shards shards;
    private final Reservations reservations;
    private final Entrance entrance;

    ShardedVacancies(Shards shards, Reservations reservations, Entrance entrance) {
        this.shards = shards;
        this.reservations = reservations;
        this.entrance = entrance;
    }

    @Override
    public Vacancy look(Set<UUID> pools, Set<String> projects) {
        var seen = Fan.ask(shards.all(), shard -> shard.vacancies().look(pools, projects))
                .some();
        var stocks = new HashMap<UUID, Stock>();
        seen.forEach(
                vacancy -> vacancy.pools().forEach((pool, stock) -> stocks.merge(pool, stock, ShardedVacancies::both)));
        var rooms = new HashMap<String, Room>();
        seen.forEach(vacancy -> vacancy.projects()
                .forEach((project, room) ->
                        rooms.merge(project, room, (one, other) -> one.left() <= other.left() ? one : other)));
        if (shards.areSeveral()) {
            // All shards' sessions together count: what one of them knows is too little.
            reservations
                    .room(projects, PostgresVacancies::room)
                    .forEach(room -> rooms.put(room.getKey(), room.getValue()));
        }
        return new Vacancy(stocks, rooms);
    }

    private static Stock both(Stock one, Stock other) {
        return new Stock(
                one.claimable() + other.claimable(),
                one.starting() + other.starting(),
                sooner(one.ready(), other.ready()));
    }

    private static @Nullable Duration sooner(@Nullable Duration one, @Nullable Duration other) {
        return Stream.of(Optional.ofNullable(one), Optional.ofNullable(other))
                .flatMap(Optional::stream)
                .min(Duration::compareTo)
                .orElse(null);
    }

    @Override
    public Optional<ClaimOutcome> replay(ClaimRequest request) {
        return shards.areSeveral()
                ? entrance.replay(request)
                : shards.all().getFirst().vacancies().replay(request);
    }
}
