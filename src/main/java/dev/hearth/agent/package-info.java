/**
 * The program beside every Chrome: it joins clients to the browser under signed grants, holds one CDP connection of its
 * own, and reports. JDK and one JSON parser only, one thread, so nothing in here locks. The contract:
 * {@code docs/agent-protocol.md}.
 */
@NullMarked
package dev.hearth.agent;

import org.jspecify.annotations.NullMarked;
