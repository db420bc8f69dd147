package dev.hearth.agent;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The agent's process. Exit codes: 0 Chrome or its session ended, 1 something broke, 2 the environment is wrong, 143 told to
 * stop.
 */
public final class AgentMain {
    /** Within the 2 s in which a pod's sidecar should be gone. */
    private static final long STOP_MILLIS = 1900;

    private AgentMain() {}

    public static void main(String[] arguments) {
        System.exit(
                switch (AgentConfig.parse(System.getenv())) {
                    case AgentConfig.Parsed.Invalid(var problems) -> {
                        problems.forEach(System.err::println);
                        yield 2;
                    }
                    case AgentConfig.Parsed.Valid(var config) -> run(config);
                });
    }

    private static int run(AgentConfig config) {
        var over = new CountDownLatch(1);
        try {
            var loop = new EventLoop();
            var agent = Agent.start(loop, config);
            WarmUp.start();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                loop.execute(agent::terminate);
                await(over);
            }));
            loop.run();
            return 0;
        } catch (IOException | RuntimeException broken) {
            Console.say("broken: " + broken);
            return 1;
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch over) {
        try {
            var _ = over.await(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
