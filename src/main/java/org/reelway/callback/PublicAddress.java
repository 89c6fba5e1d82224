package org.reelway.callback;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses are of the open internet (IANA's special-purpose registries). Those that carry an IPv4 address in an
 * IPv6 one are what they carry.
 */
final class PublicAddress {
  private static final List<Block> CLOSED_4 =
      List.of(
          block("0.0.0.0", 8), block("10.0.0.0", 8), block("100.64.0.0", 10), block("127.0.0.0", 8),
          block("169.254.0.0", 16), block("172.16.0.0", 12), block("192.0.0.0", 24), block("192.0.2.0", 24),
          block("192.168.0.0", 16), block("198.18.0.0", 15), block("198.51.100.0", 24), block("203.0.113.0", 24),
          block("224.0.0.0", 3));
  /** Only 2000::/3 is given out at all. */
  private static final Block OPEN_6 = block("2000::", 3);
  private static final List<Block> CLOSED_6 = List.of(block("2001:db8::", 32), block("2001::", 32));
  private static final Block TRANSLATED = block("64:ff9b::", 96);
  private static final Block SIX_TO_FOUR = block("2002::", 16);

  private PublicAddress() {}

  private record Block(byte[] bytes, int bits) {
    boolean contains(byte[] address) {
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> bit % 8;
        if ((bytes[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static Block block(String address, int bits) {
    try {
      // A literal: no name service is asked.
      return new Block(InetAddress.getByName(address).getAddress(), bits);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static boolean is(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (address instanceof Inet4Address) {
      return isOpen4(bytes);
    }
    if (TRANSLATED.contains(bytes)) {
      return isOpen4(Arrays.copyOfRange(bytes, 12, 16));
    }
    if (SIX_TO_FOUR.contains(bytes)) {
      return isOpen4(Arrays.copyOfRange(bytes, 2, 6));
    }
    return OPEN_6.contains(bytes) && CLOSED_6.stream().noneMatch(block -> block.contains(bytes));
  }

  private static boolean isOpen4(byte[] bytes) {
    return CLOSED_4.stream().noneMatch(block -> block.contains(bytes));
  }
}
