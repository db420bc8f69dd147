package dev.hearth.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
    private static final AddressPolicy PUBLIC_ONLY = new AddressPolicy(List.of());

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "10.0.0.1, private",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.168.1.1, private",
        "169.254.169.254, link-local",
        "100.64.0.1, carrier-grade-nat",
        "100.127.255.255, carrier-grade-nat",
        "0.0.0.0, this-network",
        "224.0.0.1, multicast",
        "198.18.0.1, reserved",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "::1, loopback",
        "::, reserved",
        "fe80::1, link-local",
        "fd00:ec2::254, private",
        "fec0::1, reserved",
        "ff02::1, multicast",
        "::ffff:10.0.0.1, private",
        "::ffff:7f00:1, loopback",
        "::127.0.0.1, reserved",
        "64:ff9b::a00:1, nat64",
        "64:ff9b:1::a00:1, nat64",
        "2002:a00:1::1, tunnel",
        "2001:0:a00:1::1, tunnel",
    })
    void whatIsNotPublicIsClosedByAName(String address, String rule) {
        assertThat(PUBLIC_ONLY.rule(InetAddress.ofLiteral(address))).contains(rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "169.253.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::1"
            })
    void whatIsPublicIsOpen(String address) {
        assertThat(PUBLIC_ONLY.rule(InetAddress.ofLiteral(address))).isEmpty();
    }

    @Test
    void aPoolOpensBlocksOfItsOwnAndNoMore() {
        var policy = new AddressPolicy(List.of(AddressRange.of("10.1.2.0/23"), AddressRange.of("fd00::7")));
        assertThat(policy.rule(InetAddress.ofLiteral("10.1.3.255"))).isEmpty();
        assertThat(policy.rule(InetAddress.ofLiteral("10.1.4.0"))).contains("private");
        assertThat(policy.rule(InetAddress.ofLiteral("fd00::7"))).isEmpty();
        assertThat(policy.rule(InetAddress.ofLiteral("fd00::8"))).contains("private");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.com", "10.0.0.0/", "::1/129"})
    void whatIsNoBlockIsRefused(String text) {
        assertThatThrownBy(() -> AddressRange.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
