package dev.hearth.app;

import dev.hearth.claim.Directory;
import dev.hearth.claim.SessionStore;
import dev.hearth.gateway.GatewayKeys;
import dev.hearth.gateway.RolesConfig;
import dev.hearth.gateway.SessionUrls;
import dev.hearth.operator.ConnectUrls;
import dev.hearth.operator.OperatorConfig;
import dev.hearth.operator.OperatorPorts;
import dev.hearth.operator.OperatorRuntime;
import dev.hearth.operator.OperatorSettings;
import dev.hearth.operator.RecurringOperator;
import dev.hearth.pool.SupplyStore;
import dev.hearth.store.Stores;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Starts and stops the operator where this process plays it. Losing the lease ends a process that is nothing but operator; beside a gateway the operator begins anew. */
@Singleton
final class OperatorRole {
    private final RolesConfig roles;
    private final OperatorConfig config;
    private final OperatorEndpoints endpoints;
    private final MeterRegistry registry;
    private @Nullable RecurringOperator runtime;
    /** Written after the runtime, read by health checks on other threads. */
    private volatile boolean started;

    private @Nullable KubernetesClient client;

    OperatorRole(RolesConfig roles, OperatorConfig config, OperatorEndpoints endpoints, MeterRegistry registry) {
        this.roles = roles;
        this.config = config;
        this.endpoints = endpoints;
        this.registry = registry;
    }

    /** After the gateway's own start, so that a pod's first beat finds a listener. */
    void start(
            @Observes @Priority(3000) StartupEvent event, OperatorStores stores, SessionUrls urls, GatewayKeys keys) {
        if (!roles.operator()) {
            return;
        }
        var kubernetes = connect();
        client = kubernetes;
        var ports = stores.ports(connectUrls(urls));
        var settings = OperatorSettings.of(config, endpoints.ingest(), keys.publicKeys());
        var operator = new RecurringOperator(again -> new OperatorRuntime(
                kubernetes, ports, settings, registry, roles.gateway() ? again : () -> Quarkus.asyncExit(1)));
        runtime = operator;
        operator.start();
        started = true;
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) {
        if (runtime != null) {
            runtime.close();
        }
        if (client != null) {
            client.close();
        }
    }

    /** Whether every watch lives; true where this process plays no operator, or has not come to start it. */
    boolean isHealthy() {
        var operator = runtime;
        return !started || operator == null || operator.isHealthy();
    }

    /** Whether keys work; true where this process plays no operator. */
    boolean isReady() {
        var operator = runtime;
        return !roles.operator() || (started && operator != null && operator.isReady());
    }

    private ConnectUrls connectUrls(SessionUrls urls) {
        return session -> {
            var full = urls.connect(session.id(), endpoints.publicHost());
            return new ConnectUrls.Urls(full, full.substring(0, full.indexOf('?')));
        };
    }

    private KubernetesClient connect() {
        var builder = new KubernetesClientBuilder();
        endpoints.kubeconfig().ifPresent(file -> {
            try {
                builder.withConfig(Config.fromKubeconfig(Files.readString(file)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException("cannot read hearth.endpoints.kubeconfig " + file, unreadable);
            }
        });
        return builder.build();
    }

    /** The stores that the operator works on. */
    @Singleton
    record OperatorStores(SupplyStore supply, SessionStore sessions, Directory directory, Stores stores) {
        OperatorPorts ports(ConnectUrls urls) {
            return new OperatorPorts(
                    supply, stores.claims(), sessions, stores.census(), directory, urls, stores::virtualShard);
        }
    }
}
