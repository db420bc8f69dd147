package dev.hearth.app;

import dev.hearth.local.LocalFailure;
import dev.hearth.local.node.LocalImages;
import dev.hearth.local.node.LocalNode;
import dev.hearth.operator.pool.ChromeKeeper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Which programs of this machine stand in for Hearth's two images, and which nodes it plays. */
final class LocalNodeOptions {
    /** Why each: docs/agent-protocol.md, "Running it". */
    private static final List<String> AGENT_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xms4m",
            "-Xmx16m",
            "-Xmn2m",
            "-Xss256k",
            "-XX:TieredStopAtLevel=1",
            "-XX:CICompilerCount=1",
            "-XX:ReservedCodeCacheSize=8m",
            "-XX:MaxDirectMemorySize=40m",
            "-XX:-UsePerfData",
            "-XX:+UseCompactObjectHeaders");

    private LocalNodeOptions() {}

    static LocalNode.Options of(LocalMachine machine, List<String> regions) {
        return new LocalNode.Options(
                machine.home().directory(),
                regions.stream()
                        .map(region -> new LocalNode.Member(region, region + "-a"))
                        .toList(),
                new LocalImages(List.of(agent(), browser(machine.chromium()))));
    }

    private static LocalImages.Image agent() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var jar = agentJar();
        var program = LocalImages.Program.java(java, AGENT_FLAGS, jar.toString(), "dev.hearth.agent.AgentMain");
        return new LocalImages.Image("hearth.dev/agent:local", "agent", Map.of("agent", program));
    }

    private static LocalImages.Image browser(Path chromium) {
        var program = LocalImages.Program.chromium(chromium);
        var keeper = new LocalImages.Keeper(ChromeKeeper.SCRIPT, ChromeKeeper.WORDS);
        return new LocalImages.Image(
                "hearth.dev/browser:local", "chromium", Map.of("chromium", program), List.of(keeper));
    }

    /** Beside the application: {@code target/quarkus-app} and {@code target/agent} after a build. */
    private static Path agentJar() {
        var launcher =
                Path.of(System.getProperty("java.class.path").split(":", -1)[0]).toAbsolutePath();
        var jar = launcher.resolve("../../agent/hearth-agent.jar").normalize();
        if (!Files.exists(jar)) {
            throw new LocalFailure("the agent is not at " + jar, "build it: make build");
        }
        return jar;
    }
}
