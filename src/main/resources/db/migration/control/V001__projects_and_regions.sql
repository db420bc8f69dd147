-- A tenant: one Kubernetes namespace.
CREATE TABLE project (
    name               text PRIMARY KEY,
    concurrency        integer CHECK (concurrency >= 0),
    default_timeout_ms bigint CHECK (default_timeout_ms > 0)
);

-- Keys are known by their SHA-256 only.
CREATE TABLE api_key (
    hash    bytea PRIMARY KEY CHECK (length(hash) = 32),
    project text NOT NULL,
    hint    text NOT NULL
);

CREATE INDEX api_key_project ON api_key (project);

-- Sessions carry their virtual shard in their ids; where it lives is looked up here, so that a region can move.
CREATE TABLE virtual_shard (
    id       integer PRIMARY KEY CHECK (id BETWEEN 0 AND 4095),
    database text NOT NULL
);

CREATE TABLE region (
    name          text PRIMARY KEY,
    virtual_shard integer NOT NULL UNIQUE REFERENCES virtual_shard (id)
);

CREATE TABLE pool (
    id                 uuid PRIMARY KEY,
    namespace          text    NOT NULL,
    name               text    NOT NULL,
    region             text    NOT NULL REFERENCES region (name),
    allowed_projects   text[]  NOT NULL,
    fallback_regions   text[]  NOT NULL,
    timeout_ms         bigint  NOT NULL,
    idle_ms            bigint,
    connect_ms         bigint  NOT NULL,
    reconnect_ms       bigint  NOT NULL,
    keep_alive         boolean NOT NULL,
    connections        text    NOT NULL CHECK (connections IN ('EXCLUSIVE', 'SHARED')),
    timeout_is_default boolean NOT NULL,
    max_sessions       integer CHECK (max_sessions >= 0)
);

CREATE INDEX pool_name ON pool (namespace, name);
