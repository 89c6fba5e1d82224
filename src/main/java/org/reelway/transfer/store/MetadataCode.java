package org.reelway.transfer.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Metadata values as headers: printable ASCII as it is, anything else percent-encoded. {@code %} is encoded too, so
 * that decoding gives the value back; spaces at the ends and runs of spaces as well, because headers lose them.
 */
final class MetadataCode {
  private MetadataCode() {}

  static String encode(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    StringBuilder encoded = new StringBuilder(bytes.length + 16);
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      boolean fragileSpace = b == ' ' && (i == 0 || i == bytes.length - 1 || bytes[i - 1] == ' ');
      if (b < 0x20 || b > 0x7e || b == '%' || fragileSpace) {
        PercentCode.append(encoded, b);
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }

  /** What is no escape stays as it is: others write metadata too. */
  static String decode(String header) {
    if (header.indexOf('%') < 0) {
      return header;
    }
    byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high >= 0 ? Character.digit(bytes[i + 2], 16) : -1;
      if (low >= 0) {
        decoded.write(high << 4 | low);
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }
}
