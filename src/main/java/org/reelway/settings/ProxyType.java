package org.reelway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import org.reelway.failure.InputFailure;

/** The address of an HTTP proxy; it carries no credentials. */
final class ProxyType implements ValueType<URI> {
  @Override
  public String text() {
    return "URI";
  }

  @Override
  public String allowed() {
    return "http, host and port";
  }

  @Override
  public URI parse(String text) {
    if (text.contains("@")) {
      // Not quoted: what stands before the @ is a secret.
      throw new InputFailure("the URI holds a user name or password (an @); "
          + "remove it and set proxy-username and proxy-password instead");
    }
    URI uri = read(text);
    if ("https".equalsIgnoreCase(uri.getScheme())) {
      throw refused(text, "starts with https://, but proxies are spoken to without TLS; what goes through to an https "
          + "store is encrypted all the same");
    }
    boolean bare = uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !bare || uri.getRawQuery() != null
        || uri.getPort() < 1 || uri.getPort() > 65535) {
      throw refused(text, "is not http://HOST:PORT");
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
    return new InputFailure(Shown.quoted(text) + " " + why + "; write it like http://proxy.example.com:3128");
  }
}
