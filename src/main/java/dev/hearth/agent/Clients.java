package dev.hearth.agent;

import dev.hearth.wire.Grant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected. A client holds the browser from its admission, before Chrome has even answered, or two could be
 * admitted at once. Onlookers (page sockets, viewers) hold nothing and are never counted, only cut.
 */
final class Clients {
    /** A connection on its way to Chrome or joined to it. */
    interface Joined {
        void cut(CloseReason reason);
    }

    private final SessionRecord session;
    private final EventLoop loop;
    private final Runnable changed;
    private final Map<UUID, Client> holders = new LinkedHashMap<>();
    private final Set<Onlooker> onlookers = new HashSet<>();
    private @Nullable UUID lastGone;

    Clients(SessionRecord session, EventLoop loop, Runnable changed) {
        this.session = session;
        this.loop = loop;
        this.changed = changed;
    }

    /** One place at the browser: what {@link Joining} needs to know of whom it joins. */
    interface Place extends Splice.Owner {
        /** Whom to cut. Replaced when a dial has become a splice. */
        void heldBy(Joined joined);

        void opened();

        /** It never came to a connection. */
        void failed();
    }

    Place hold(Grant grant) {
        session.clientComes(loop.nanos());
        var client = new Client(grant);
        holders.put(grant.connection(), client);
        return client;
    }

    Place lookOn() {
        var onlooker = new Onlooker();
        onlookers.add(onlooker);
        return onlooker;
    }

    List<Standing.Holder> holders() {
        return holders.values().stream().map(Client::asHolder).toList();
    }

    /** Clients whose socket to Chrome is open. */
    int open() {
        return (int) holders.values().stream().filter(client -> client.open).count();
    }

    void putOut(List<UUID> connections, CloseReason reason) {
        connections.stream().map(holders::get).toList().forEach(client -> client.joined.cut(reason));
    }

    void cutAll(CloseReason reason) {
        putOut(List.copyOf(holders.keySet()), reason);
        List.copyOf(onlookers).forEach(onlooker -> onlooker.joined.cut(reason));
        lastGone = null;
    }

    /** A gateway says that this client left on purpose; its socket may already be gone, or go next. */
    void leave(UUID connection) {
        var client = holders.get(connection);
        if (client != null) {
            client.saidGoodbye = true;
        } else if (connection.equals(lastGone) && open() == 0) {
            session.clientsGone(true);
            changed.run();
        }
    }

    private final class Client implements Place {
        private final Grant grant;
        private final long since = loop.nanos();
        private Joined joined = reason -> {};
        private boolean open;
        private boolean saidGoodbye;

        private Client(Grant grant) {
            this.grant = grant;
        }

        private Standing.Holder asHolder() {
            return new Standing.Holder(grant.connection(), grant.exclusive(), (loop.nanos() - since) / 1_000_000);
        }

        @Override
        public void heldBy(Joined newlyJoined) {
            joined = newlyJoined;
        }

        @Override
        public void opened() {
            open = true;
            session.clientConnected(loop.nanos());
            changed.run();
        }

        @Override
        public void failed() {
            holders.remove(grant.connection(), this);
        }

        @Override
        public void command() {
            session.command(loop.nanos());
        }

        @Override
        public void ended(boolean left) {
            holders.remove(grant.connection(), this);
            lastGone = grant.connection();
            if (open() == 0) {
                session.clientsGone(left || saidGoodbye);
            }
            changed.run();
        }
    }

    private final class Onlooker implements Place {
        private Joined joined = reason -> {};

        @Override
        public void heldBy(Joined newlyJoined) {
            joined = newlyJoined;
        }

        @Override
        public void opened() {}

        @Override
        public void failed() {
            onlookers.remove(this);
        }

        @Override
        public void command() {}

        @Override
        public void ended(boolean left) {
            onlookers.remove(this);
        }
    }
}
