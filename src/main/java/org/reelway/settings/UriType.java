package org.reelway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import org.reelway.failure.InputFailure;

/** The address of an HTTP service; it carries no credentials, query or fragment. */
final class UriType implements ValueType<URI> {
  @Override
  public String text() {
    return "URI";
  }

  @Override
  public String allowed() {
    return "http or https, host, optional port and path";
  }

  @Override
  public URI parse(String text) {
    if (text.contains("@")) {
      // Not quoted: what stands before the @ is a secret.
      throw new InputFailure("the URI holds a user name or password (an @); "
          + "remove it and set reelway.store.access-key and reelway.store.secret-key instead");
    }
    URI uri = read(text);
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw refused(text, "does not start with http:// or https://");
    }
    if (uri.getHost() == null) {
      throw refused(text, "has no valid host (a host name has letters, digits, dots and hyphens, no underscore)");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw refused(text, "has a port outside 1 to 65535");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw refused(text, "has a query or fragment");
    }
    return uri;
  }

  private static URI read(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text, "is not a URI");
    }
  }

  private static InputFailure refused(String text, String why) {
    return new InputFailure(Shown.quoted(text) + " " + why + "; write it like https://store.example.com:9000");
  }
}
