package org.reelway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;

/** Addresses of services, proxies and hosts. */
final class AddressTypes {
  /** The address of an HTTP service; it carries no credentials, query or fragment. */
  static final ValueType<URI> SERVICE =
      ValueType.of("URI", "http or https, host, optional port and path", AddressTypes::service);

  /** The address of an HTTP proxy; it carries no credentials. */
  static final ValueType<URI> PROXY = ValueType.of("URI", "http, host and port", AddressTypes::proxy);

  /** Hosts, by name or address. */
  static final ValueType<List<String>> HOSTS = ValueType.of(
      "list of hosts", "names (each with all below it) and addresses, separated by commas; * for all",
      text -> text.isEmpty() ? List.of() : ValueType.list(text, AddressTypes::host));

  /** An application of an RTMP server. */
  static final ValueType<URI> RTMP = ValueType.of("URI", "rtmp or rtmps, host and application", AddressTypes::rtmp);

  /** One or two of them. */
  static final ValueType<List<URI>> RTMP_LIST =
      ValueType.of("list of URIs", "one or two, separated by commas, each with rtmp or rtmps, host and application", text -> {
        List<URI> all = ValueType.list(text, AddressTypes::rtmp);
        if (all.size() > 2) {
          throw new InputFailure("names " + all.size() + " addresses; a stream has two ingests, so name one or two");
        }
        return all;
      });

  /** A database on a PostgreSQL server; it carries no credentials. */
  static final ValueType<String> DATABASE =
      ValueType.of("URL", "jdbc:postgresql://HOST:PORT/DATABASE, with parameters of the driver", AddressTypes::database);

  private static final Pattern DATABASE_FORM = Pattern.compile("jdbc:postgresql://[^\\s/?#@]+/[^\\s/?#@]+(\\?[^\\s#@]*)?");
  private static final Pattern DATABASE_LOGIN = Pattern.compile("[?&](user|\\w*password)=", Pattern.CASE_INSENSITIVE);
  private static final Pattern HOST =
      Pattern.compile("\\*|(\\*?\\.)?[A-Za-z0-9._-]{1,255}|\\[?[0-9A-Fa-f:.]{2,45}\\]?");
  private static final Pattern STREAM = Pattern.compile("(rtmps?|rtsps?|srt|https?)://[!-~]{1,500}");
  private static final Pattern USER_INFO = Pattern.compile("[A-Za-z]+://[^/?#]*@.*");

  private AddressTypes() {}

  private static URI rtmp(String text) {
    String example = "rtmp://media.example.com/live";
    if (text.contains("@")) {
      throw new InputFailure("the URI holds a user name or password (an @); remove it: each stream has a secret key of its own");
    }
    URI uri = uri(text, example);
    boolean isOne = ("rtmp".equals(uri.getScheme()) || "rtmps".equals(uri.getScheme())) && uri.getHost() != null
        && uri.getRawPath() != null && uri.getRawPath().matches("/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*") && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
    if (!isOne) {
      throw refused(text, "is no application of an RTMP server", example);
    }
    return uri;
  }

  private static URI service(String text) {
    refuseLogin(text, "reelway.store.access-key and reelway.store.secret-key");
    String example = "https://store.example.com:9000";
    URI uri = uri(text, example);
    if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
      throw refused(text, "does not start with http:// or https://", example);
    }
    if (uri.getHost() == null) {
      throw refused(text, "has no valid host (a host name has letters, digits, dots and hyphens, no underscore)", example);
    }
    if (uri.getPort() == 0 || uri.getPort() > 65535) {
      throw refused(text, "has a port outside 1 to 65535", example);
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw refused(text, "has a query or fragment", example);
    }
    return uri;
  }

  private static URI proxy(String text) {
    refuseLogin(text, "proxy-username and proxy-password");
    String example = "http://proxy.example.com:3128";
    URI uri = uri(text, example);
    if ("https".equalsIgnoreCase(uri.getScheme())) {
      throw refused(text, "starts with https://, but proxies are spoken to without TLS; what goes through to an https "
          + "store is encrypted all the same", example);
    }
    boolean bare = uri.getRawPath() == null || uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !bare || uri.getRawQuery() != null
        || uri.getPort() < 1 || uri.getPort() > 65535) {
      throw refused(text, "is not http://HOST:PORT", example);
    }
    return uri;
  }

  /** Not quoted: what stands before the @ is a secret. */
  private static void refuseLogin(String text, String settings) {
    if (text.contains("@")) {
      throw new InputFailure(
          "the URI holds a user name or password (an @); remove it and set " + settings + " instead");
    }
  }

  private static URI uri(String text, String example) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text, "is not a URI", example);
    }
  }

  private static String database(String text) {
    if (text.contains("@") || DATABASE_LOGIN.matcher(text).find()) {
      // Not quoted: it may hold a secret.
      throw new InputFailure(
          "the URL holds a user name or a password; remove it and set reelway.state.username and reelway.state.password instead");
    }
    if (!DATABASE_FORM.matcher(text).matches()) {
      throw refused(text, "is no address of a PostgreSQL database", "jdbc:postgresql://db.example.com:5432/reelway");
    }
    return text;
  }

  private static InputFailure refused(String text, String why, String example) {
    return new InputFailure(MessageText.quoted(text) + " " + why + "; write it like " + example);
  }

  private static String host(String text) {
    if (!HOST.matcher(text).matches()) {
      throw new InputFailure(MessageText.quoted(text)
          + " is not a host; write names without scheme, port and path, such as example.com,10.0.0.7");
    }
    return text;
  }

  /**
   * Where ffmpeg reads streams. No credentials: every user of the machine sees ffmpeg's arguments.
   *
   * @param placeholders such as {@code {stream}}
   */
  static ValueType<String> stream(String placeholders) {
    String allowed = "an rtmp, rtmps, rtsp, rtsps, srt, http or https URI with " + placeholders;
    return ValueType.of("text", allowed, text -> {
      if (USER_INFO.matcher(text).matches()) {
        // Not quoted: what stands before the @ is a secret.
        throw new InputFailure("the URI holds a user name or a password (an @ before its host), which every user of this"
            + " machine would see in the list of processes; remove it, and let the media server know this machine otherwise");
      }
      if (!STREAM.matcher(text).matches()) {
        throw Types.refused(text, "is not valid here", allowed);
      }
      return text;
    });
  }
}
