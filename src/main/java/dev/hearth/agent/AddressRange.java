package dev.hearth.agent;

import java.net.InetAddress;
import java.util.Arrays;

/** A block of addresses in CIDR notation. */
record AddressRange(InetAddress first, int bits) {
    /** @throws IllegalArgumentException where the text is no block; a bare address is a block of one */
    static AddressRange of(String text) {
        var slash = text.indexOf('/');
        var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        var most = 8 * address.getAddress().length;
        var bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("a prefix of 0…" + most + " bits expected");
        }
        return new AddressRange(address, bits);
    }

    boolean holds(InetAddress address) {
        var ours = first.getAddress();
        var theirs = address.getAddress();
        if (ours.length != theirs.length || !Arrays.equals(ours, 0, bits / 8, theirs, 0, bits / 8)) {
            return false;
        }
        var rest = bits % 8;
        return rest == 0 || ((ours[bits / 8] ^ theirs[bits / 8]) & 0xff) >> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
