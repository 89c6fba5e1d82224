package org.reelway.stream.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which servers a stream came through, where a media server shows the query that it was published with. Nothing else of the
 * query is read: it may hold passwords.
 */
public final class ViaQuery {
  /** Of the query, and of a stream's details. */
  public static final String DETAIL = "via";
  private static final Pattern PARAMETER = Pattern.compile("(?:^|[?&])reelwayVia=([A-Za-z0-9._:,\\[\\]-]{1,8000})(?=$|[&#])");

  private ViaQuery() {}

  /** @param query as it is, or escaped once more, as newer versions of MediaMTX give it to their hooks */
  public static Map<String, String> details(String query) {
    Matcher found = PARAMETER.matcher(query);
    if (found.find()) {
      return Map.of(DETAIL, found.group(1));
    }
    Matcher decoded = PARAMETER.matcher(decoded(query));
    return decoded.find() ? Map.of(DETAIL, decoded.group(1)) : Map.of();
  }

  private static String decoded(String query) {
    try {
      return URLDecoder.decode(query, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEscaped) {
      return "";
    }
  }
}
