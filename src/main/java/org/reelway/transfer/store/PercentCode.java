package org.reelway.transfer.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.reelway.failure.InputFailure;

/** Percent-encoding as Signature V4 wants it: UTF-8, unreserved characters of RFC 3986 as they are, upper-case hex. */
final class PercentCode {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentCode() {}

  /** @param kept further characters that stay as they are */
  static String encode(String text, String kept) {
    ByteBuffer bytes = utf8(text);
    StringBuilder encoded = new StringBuilder(bytes.remaining() + 16);
    while (bytes.hasRemaining()) {
      int b = bytes.get() & 0xff;
      if (isUnreserved(b) || b < 0x80 && kept.indexOf(b) >= 0) {
        encoded.append((char) b);
      } else {
        append(encoded, b);
      }
    }
    return encoded.toString();
  }

  static void append(StringBuilder to, int b) {
    to.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
  }

  /** Half characters are refused: replaced by "?" two different keys would become one. */
  static ByteBuffer utf8(String text) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new InputFailure(
          "the name \"" + text + "\" holds half a character (an unpaired surrogate), which no key can hold; rename the"
              + " file", e);
    }
  }

  private static boolean isUnreserved(int b) {
    return b >= 'a' && b <= 'z'
        || b >= 'A' && b <= 'Z'
        || b >= '0' && b <= '9'
        || b == '-'
        || b == '_'
        || b == '.'
        || b == '~';
  }
}
