package dev.hearth.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChromeArgumentsTest {
    @Test
    void aPoolsArgumentsComeAfterHearthsOwnAndBeforeTheGuards() {
        var arguments = ChromeArguments.of(List.of("--lang=de"), "127.0.0.1:9223");
        assertThat(arguments)
                .startsWith("--headless=new", "--remote-debugging-port=0")
                .containsSubsequence(
                        "--mute-audio", "--lang=de", "--proxy-server=http://127.0.0.1:9223", "--disable-quic")
                .endsWith("about:blank");
        assertThat(ChromeArguments.of(List.of(), null)).noneMatch(argument -> argument.contains("proxy"));
    }

    @Test
    void featuresThatAPoolSwitchesOffAddUpAsChromeHearsTheLastListOnly() {
        var arguments = ChromeArguments.of(
                List.of("--disable-features=Translate,MediaRouter", "--disable-features=AutofillX"), null);
        assertThat(arguments.stream().filter(argument -> argument.startsWith("--disable-features")))
                .containsExactly("--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"
                        + ",Translate,MediaRouter,AutofillX");
    }
}
