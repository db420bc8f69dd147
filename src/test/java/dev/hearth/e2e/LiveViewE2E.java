package dev.hearth.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Answers;
import org.junit.jupiter.api.Test;

/** People look at a live session: with Chrome's own DevTools, through the gateway, and never as a client. */
class LiveViewE2E {
    private final RunningHearth hearth = RunningHearth.shared();

    @Test
    @Proves(
            client = StockClient.BROWSERBASE_NODE,
            calls = {"sessions.debug"})
    @Proves(
            client = StockClient.DEVTOOLS,
            calls = {"inspector.html?ws=…", "screencast"})
    @Answers({"browserless#3802", "kernel-images#174"})
    void devToolsShowTheSessionsPage() {
        var seen = hearth.node("view.mjs", "watch");

        assertThat(seen.path("pages").asInt()).isOne();
        assertThat(seen.path("title").asText()).isEqualTo("shop");
        assertThat(seen.path("live").asBoolean()).isTrue();
        assertThat(seen.path("readOnly").asBoolean()).isTrue();
    }

    @Test
    @Answers("browserless#3802")
    void eachFileOfDevToolsComesWholeEachTime() {
        var seen = hearth.node("view.mjs", "files");

        assertThat(seen.fieldNames()).toIterable().hasSize(3).allMatch(answer -> answer.matches("\\S+ 200 [1-9]\\d+"));
        assertThat(seen.elements()).toIterable().allMatch(times -> times.asInt() == 1000);
    }

    @Test
    void aReadOnlyViewerLooksAndCommandsNothing() {
        var seen = hearth.node("view.mjs", "commands");

        assertThat(seen.path("acted").asInt()).isEqualTo(42);
        assertThat(seen.path("tree").asText()).isEqualTo("#document");
        assertThat(seen.path("refused").asText()).contains("ReadOnly.Runtime.evaluate");
        assertThat(seen.path("navigated").asText()).contains("ReadOnly.Page.navigate");
        assertThat(seen.path("closing").asText()).contains("ReadOnly.Browser.close");
        assertThat(seen.path("script").asText()).contains("ReadOnly.Page.addScriptToEvaluateOnNewDocument");
        assertThat(seen.path("after").asText()).isEqualTo("#document");
        assertThat(seen.path("title").asText()).isEqualTo("about:blank");
        assertThat(seen.path("doubled").asInt()).isEqualTo(1008);
        assertThat(seen.path("long").asInt()).isEqualTo(1009);
        assertThat(seen.path("still").asText()).isEqualTo("RUNNING");
    }

    @Test
    @Answers("browserless#3937")
    void aViewerNeverKeepsASessionAlive() {
        var seen = hearth.node("view.mjs", "never-counts");

        assertThat(seen.path("idle").asText()).isEqualTo("Idle");
        assertThat(seen.path("plain").asText()).isEqualTo("ClientDisconnected");
        assertThat(seen.path("afterMillis").asInt()).isLessThanOrEqualTo(2000);
        assertThat(seen.path("code").asInt()).isEqualTo(4003);
    }

    @Test
    void aViewOpensItsOwnSessionsFilesAndNothingElse() {
        var seen = hearth.node("view.mjs", "bounds");

        assertThat(seen.path("page").asInt()).isEqualTo(200);
        assertThat(seen.path("type").asText()).startsWith("text/html");
        assertThat(seen.path("nothing").asInt()).isEqualTo(404);
        for (var chromes : new String[] {"json", "protocol", "list"}) {
            assertThat(seen.path(chromes).asInt()).as(chromes).isEqualTo(404);
        }
        for (var forged : new String[] {"forged", "ofAnother", "token", "expired"}) {
            assertThat(seen.path(forged).asInt()).as(forged).isEqualTo(401);
        }
        assertThat(seen.path("code").asInt()).isEqualTo(4004);
        assertThat(seen.path("wrong").asInt()).isEqualTo(400);
        assertThat(seen.path("over").asInt()).isEqualTo(410);
    }
}
