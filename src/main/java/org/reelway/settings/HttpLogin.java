package org.reelway.settings;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.reelway.failure.InputFailure;

/**
 * An HTTP service and who asks it, {@code http://user:password@host:port} as people write it.
 *
 * @param uri without user and password
 * @param userInfo {@code user:password}; empty for none. A secret
 */
record HttpLogin(URI uri, String userInfo) {

  /** @throws InputFailure whose message shows no password */
  static HttpLogin parse(String text) {
    int start = text.indexOf("://") + 3;
    int slash = start < 3 ? -1 : text.indexOf('/', start);
    String authority = start < 3 ? "" : text.substring(start, slash < 0 ? text.length() : slash);
    int at = authority.lastIndexOf('@');
    String rest = at < 0 ? text : text.substring(0, start) + text.substring(start + at + 1);
    if (rest.contains("@")) {
      throw new InputFailure(
          "the URI of a server's API (not shown) has an @ where no user and password are; write @ and / in a password as"
              + " %40 and %2F");
    }
    return new HttpLogin(new UriType().parse(rest), at < 0 ? "" : decoded(authority.substring(0, at)));
  }

  private static String decoded(String userInfo) {
    try {
      String decoded = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf(':') > 0 && decoded.chars().noneMatch(Character::isISOControl)) {
        return decoded;
      }
    } catch (IllegalArgumentException notEscaped) {
      // Said below: the decoder's message would show the text.
    }
    throw new InputFailure(
        "the user and password (not shown) of a server's API are not user:password; write %, @, / and commas in them as"
            + " %25, %40, %2F and %2C");
  }

  @Override
  public String toString() {
    return (userInfo.isEmpty() ? "" : "***@") + uri;
  }
}
