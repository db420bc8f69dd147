package dev.hearth.store;

import dev.hearth.claim.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * What several shards said to one question, asked at the same time. A shard that is known to be away is not asked: who can
 * do without it does not wait for it.
 */
record Fan<T>(Map<Shard, T> answers, List<StoreException> failures) {
    static <T> Fan<T> ask(Collection<Shard> shards, Function<Shard, T> question) {
        if (shards.size() == 1) {
            // There is no doing without the only one: asked here and now, and failing as it fails.
            var only = shards.iterator().next();
            return new Fan<>(Map.of(only, question.apply(only)), List.of());
        }
        var asked = new LinkedHashMap<Shard, CompletableFuture<T>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            shards.forEach(shard -> asked.put(
                    shard,
                    shard.reach().isThere()
                            ? CompletableFuture.supplyAsync(() -> question.apply(shard), threads)
                            : CompletableFuture.failedFuture(Reach.unavailable("the database was away a moment ago"))));
        }
        var answers = new LinkedHashMap<Shard, T>();
        var failures = new ArrayList<StoreException>();
        asked.forEach((shard, answer) -> {
            try {
                answers.put(shard, answer.join());
            } catch (CompletionException e) {
                failures.add(storeFailure(Objects.requireNonNullElse(e.getCause(), e)));
            }
        });
        return new Fan<>(answers, failures);
    }

    private static StoreException storeFailure(Throwable cause) {
        return switch (cause) {
            case StoreException failure -> failure;
            case RuntimeException defect -> throw defect;
            default -> throw new IllegalStateException(cause);
        };
    }

    /** @throws StoreException where one did not answer */
    Collection<T> all() {
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return answers.values();
    }

    /** @throws StoreException where none answered */
    Collection<T> some() {
        return answers.isEmpty() ? all() : answers.values();
    }
}
