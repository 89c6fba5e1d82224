package org.reelway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/**
 * A receiver of callbacks. Its URL is never shown: path and query can hold a secret.
 *
 * @param name by which it is known where the URL is not shown
 */
public record CallbackUrl(String name, URI uri) {
  private static final Pattern PRIVATE =
      Pattern.compile(
          "localhost|(127|10|0)(\\.\\d{1,3}){3}|192\\.168(\\.\\d{1,3}){2}|172\\.(1[6-9]|2\\d|3[01])(\\.\\d{1,3}){2}"
              + "|169\\.254(\\.\\d{1,3}){2}|::1?|(fe80|f[cd][0-9a-f]{2}):.*");

  /** @param name null for host and port */
  static CallbackUrl parse(String name, String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw refused("is none");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw refused("does not start with http:// or https://");
    }
    if (uri.getRawUserInfo() != null || text.contains("@")) {
      throw refused("holds a user name or password (an @); callbacks are signed instead, see reelway.callbacks.secret");
    }
    if (uri.getHost() == null) {
      throw refused("has no valid host (a host name has letters, digits, dots and hyphens, no underscore)");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw refused("has a port outside 1 to 65535");
    }
    if (uri.getRawFragment() != null) {
      throw refused("has a fragment");
    }
    return new CallbackUrl(name == null ? uri.getHost() + (uri.getPort() > 0 ? ":" + uri.getPort() : "") : name, uri);
  }

  private static InputFailure refused(String why) {
    return new InputFailure("the URL (not shown) " + why + "; write it like https://backend.example.com/hooks/reelway");
  }

  /** Whether one sees without asking any name service that it is no address of the open internet. */
  boolean isPlainlyPrivate() {
    return PRIVATE.matcher(host()).matches();
  }

  /** Without the brackets of IPv6. */
  String host() {
    return uri.getHost().replaceAll("^\\[|\\]$", "").toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public String toString() {
    return name;
  }

  /** One URL, without a name of its own. */
  static final class Type implements ValueType<CallbackUrl> {
    @Override
    public String text() {
      return "URL, secret";
    }

    @Override
    public String allowed() {
      return "http or https, host, optional port, path and query";
    }

    @Override
    public CallbackUrl parse(String text) {
      return CallbackUrl.parse(null, text);
    }

    @Override
    public boolean isSecret() {
      return true;
    }
  }
}
