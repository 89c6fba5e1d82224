package org.reelway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
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

  /** One URL, without a name of its own. */
  static final ValueType<CallbackUrl> TYPE = ValueType.secret(
      "URL, secret", "http or https, host, optional port, path and query", text -> parse(null, text));

  /** Entries {@code [name=]URL}. */
  static final ValueType<List<CallbackUrl>> LIST = ValueType.secret(
      "list of URLs, secret",
      "[name=]URL, separated by commas (a comma in a URL is written %2C); such as "
          + "cms=https://cms.example.com/reelway,https://archive.example.com/hook",
      CallbackUrl::list);

  private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9_.-]{1,100})\\s*=\\s*(https?://.*)");
  private static final Set<String> TAKEN = Set.of("events", "multi-recorder");

  private static List<CallbackUrl> list(String text) {
    List<CallbackUrl> urls = ValueType.hiddenList(text, "URLs", CallbackUrl::entry);
    Set<String> names = new HashSet<>(TAKEN);
    for (CallbackUrl url : urls) {
      if (!names.add(url.name())) {
        throw new InputFailure(
            "the name " + MessageText.quoted(url.name()) + " is " + (TAKEN.contains(url.name()) ? "taken" : "given twice")
                + "; name each receiver, as in cms=https://cms.example.com/reelway");
      }
    }
    return urls;
  }

  private static CallbackUrl entry(String text) {
    Matcher named = NAMED.matcher(text);
    return named.matches() ? parse(named.group(1), named.group(2)) : parse(null, text);
  }

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
    return uri.getHost().replaceAll("^\\[|\\]$", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name;
  }
}
