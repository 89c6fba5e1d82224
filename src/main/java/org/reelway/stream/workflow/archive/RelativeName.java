package org.reelway.stream.workflow.archive;

import java.nio.charset.StandardCharsets;
import org.reelway.transfer.store.ListedObject;

/** Names of objects as URIs in a playlist that lies beside them (RFC 3986, 4.2), and back. */
final class RelativeName {
  private static final String AS_THEY_ARE = "-._~!$&'()*+,;=@";

  private RelativeName() {}

  /** Of an object, in a playlist beside it. */
  static String of(ListedObject object) {
    return uri(object.key().substring(object.key().lastIndexOf('/') + 1));
  }

  static String uri(String name) {
    StringBuilder uri = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (each & 0xff);
      boolean plain = letter < 0x80 && (Character.isLetterOrDigit(letter) || AS_THEY_ARE.indexOf(letter) >= 0);
      uri.append(plain ? String.valueOf(letter) : String.format("%%%02X", (int) letter));
    }
    return uri.toString();
  }

  /** Without {@code ./}, a query and percent signs; what is percent-encoded wrongly stays. */
  static String name(String uri) {
    String path = uri.replaceFirst("^(\\./)+", "").replaceFirst("[?#].*", "");
    byte[] bytes = new byte[path.length() * 3];
    int length = 0;
    for (int i = 0; i < path.length(); ) {
      if (path.charAt(i) == '%' && path.substring(i + 1, Math.min(i + 3, path.length())).matches("[0-9A-Fa-f]{2}")) {
        bytes[length++] = (byte) Integer.parseInt(path.substring(i + 1, i + 3), 16);
        i += 3;
      } else {
        String letter = Character.toString(path.codePointAt(i));
        for (byte each : letter.getBytes(StandardCharsets.UTF_8)) {
          bytes[length++] = each;
        }
        i += letter.length();
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
