package org.reelway.transfer;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The media type of a recording, chunk or playlist by its name. Sources: the IANA media type registry, RFC 9559 for
 * Matroska, RFC 8216 for HLS, ISO/IEC 23009-1 for DASH, Adobe's F4M specification for HDS.
 */
final class ContentTypes {
  static final String UNKNOWN = "application/octet-stream";

  private static final Map<String, String> BY_EXTENSION =
      Map.ofEntries(
          Map.entry("mp4", "video/mp4"),
          Map.entry("m4v", "video/mp4"),
          Map.entry("m4a", "audio/mp4"),
          Map.entry("mov", "video/quicktime"),
          Map.entry("ts", "video/mp2t"),
          Map.entry("flv", "video/x-flv"),
          Map.entry("mkv", "video/matroska"),
          Map.entry("mka", "audio/matroska"),
          Map.entry("webm", "video/webm"),
          Map.entry("aac", "audio/aac"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("wav", "audio/wav"),
          Map.entry("m3u8", "application/vnd.apple.mpegurl"),
          Map.entry("m4s", "video/iso.segment"),
          Map.entry("cmfv", "video/mp4"),
          Map.entry("cmfa", "audio/mp4"),
          Map.entry("fmp4", "video/mp4"),
          Map.entry("ac3", "audio/ac3"),
          Map.entry("ec3", "audio/eac3"),
          Map.entry("vtt", "text/vtt"),
          Map.entry("webvtt", "text/vtt"),
          Map.entry("ttml", "application/ttml+xml"),
          Map.entry("mpd", "application/dash+xml"),
          Map.entry("f4m", "application/f4m+xml"),
          Map.entry("abst", "video/abst"),
          Map.entry("json", "application/json"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("png", "image/png"));

  /** What Adobe's HTTP origin module gives HDS fragments, {@code f4vSeg1-Frag7}. */
  private static final Pattern FRAGMENT = Pattern.compile(".*Seg\\d+-Frag\\d+", Pattern.DOTALL);

  private final Map<String, String> first;

  /** @param first by extension in lower case; what it does not name has its usual type */
  ContentTypes(Map<String, String> first) {
    this.first = Map.copyOf(first);
  }

  @Override
  public String toString() {
    return new java.util.TreeMap<>(first).toString();
  }

  String of(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String unknown = FRAGMENT.matcher(fileName).matches() ? "video/f4f" : UNKNOWN;
    return first.getOrDefault(extension, BY_EXTENSION.getOrDefault(extension, unknown));
  }
}
