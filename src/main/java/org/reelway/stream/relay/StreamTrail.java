package org.reelway.stream.relay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.reelway.failure.Sha256;

/**
 * The media servers that a stream came through, each by an id of four letters that follows from its address. It travels in the
 * Flash version that an RTMP client tells ({@code RW:} and the ids), which media servers pass on in their events, and which
 * changes neither the stream nor its name. nginx-rtmp keeps 31 characters of a Flash version (ngx_rtmp.h of
 * arut/nginx-rtmp-module): too few for two addresses, enough for seven ids.
 *
 * @param servers ids, oldest first
 */
public record StreamTrail(Set<String> servers) {
  public static final StreamTrail NOBODY = new StreamTrail(Set.of());
  /** How many a Flash version tells. */
  static final int MOST_TOLD = 7;

  private static final int LENGTH = 4;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{4}");
  private static final Pattern MARK = Pattern.compile("(?<![A-Za-z0-9])RW:([A-Za-z0-9_-]{4,})");
  /** Versions before told addresses, {@code Reelway via=a:1935,b:1935}. */
  private static final Pattern ADDRESSES = Pattern.compile("Reelway[ -]via=([^\\s)]*)");
  private static final int MOST = 32;

  public StreamTrail {
    servers = Collections.unmodifiableSet(new LinkedHashSet<>(servers));
  }

  /** What a client's words say; nobody where they say nothing. */
  public static StreamTrail of(String flashVersion) {
    String words = flashVersion == null ? "" : flashVersion;
    Matcher mark = MARK.matcher(words);
    if (mark.find()) {
      String ids = mark.group(1);
      // A server may have cut it off in the middle of one.
      return new StreamTrail(
          IntStream.range(0, ids.length() / LENGTH).mapToObj(i -> ids.substring(i * LENGTH, (i + 1) * LENGTH))
              .collect(Collectors.toCollection(LinkedHashSet::new)));
    }
    Matcher addresses = ADDRESSES.matcher(words);
    return addresses.find() ? ofList(addresses.group(1)) : NOBODY;
  }

  /** @param list ids, or addresses, separated by commas, oldest first */
  static StreamTrail ofList(String list) {
    return new StreamTrail(
        Arrays.stream(list.split(",")).filter(word -> !word.isEmpty()).limit(MOST)
            .map(word -> ID.matcher(word).matches() ? word : id(word))
            .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  /** The same for an address in any letters, on any machine. */
  static String id(String address) {
    return Base64.getUrlEncoder().encodeToString(Sha256.of(address.toLowerCase(Locale.ROOT))).substring(0, LENGTH);
  }

  /** With one more, the latest. */
  public StreamTrail and(String address) {
    List<String> all = new ArrayList<>(servers);
    all.add(id(address));
    return new StreamTrail(new LinkedHashSet<>(all.subList(Math.max(0, all.size() - MOST), all.size())));
  }

  public boolean has(String address) {
    return servers.contains(id(address));
  }

  /** Whether a Flash version has room for all of them. */
  boolean canBeTold() {
    return servers.size() <= MOST_TOLD;
  }

  /** For the Flash version. */
  String mark() {
    return "RW:" + String.join("", servers);
  }

  /** The servers, separated by commas. */
  String list() {
    return String.join(",", servers);
  }
}
