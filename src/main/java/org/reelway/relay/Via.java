package org.reelway.relay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The media servers that a stream came through, by the addresses that others know them by. It travels in the Flash version
 * that an RTMP client tells ({@code Reelway via=a:1935,b:1935}, or with a hyphen where no space can be said), which media
 * servers pass on in their events, and which changes neither the stream nor its name.
 *
 * @param servers oldest first, lower case
 */
public record Via(Set<String> servers) {
  public static final Via NOBODY = new Via(Set.of());
  private static final Pattern MARK = Pattern.compile("Reelway[ -]via=([^\\s)]*)");
  private static final int MOST = 32;

  public Via {
    servers = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(servers));
  }

  /** What a client's words say; nobody where they say nothing. */
  public static Via of(String flashVersion) {
    Matcher found = MARK.matcher(flashVersion == null ? "" : flashVersion);
    if (!found.find()) {
      return NOBODY;
    }
    return ofServers(found.group(1));
  }

  /** @param servers separated by commas, oldest first */
  static Via ofServers(String servers) {
    return new Via(
        Arrays.stream(servers.split(",")).filter(word -> !word.isEmpty()).limit(MOST)
            .map(word -> word.toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /** With one more, the latest. */
  public Via and(String server) {
    List<String> all = new ArrayList<>(servers);
    all.add(server.toLowerCase(java.util.Locale.ROOT));
    return new Via(new LinkedHashSet<>(all.subList(Math.max(0, all.size() - MOST), all.size())));
  }

  public boolean has(String server) {
    return servers.contains(server.toLowerCase(java.util.Locale.ROOT));
  }

  /** For the Flash version. */
  String mark() {
    return "Reelway via=" + list();
  }

  /** Likewise, without a space. */
  String word() {
    return "Reelway-via=" + list();
  }

  /** The servers, separated by commas. */
  String list() {
    return String.join(",", servers);
  }

  /** What {@link #list} gave. */
  static Via ofList(String list) {
    return of("Reelway-via=" + list);
  }
}
