/**
 * What gateways and agents say to each other: signed grants, heartbeats and their replies. Shared by both jars, so it
 * knows the JDK and one JSON parser only. The contract in words: {@code docs/agent-protocol.md}.
 */
@NullMarked
package dev.hearth.wire;

import org.jspecify.annotations.NullMarked;
