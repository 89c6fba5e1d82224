package org.reelway.transfer;

import java.util.Locale;
import java.util.Map;

/** The media type of a recording by its name. Sources: the IANA media type registry, RFC 9559 for Matroska. */
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
          Map.entry("json", "application/json"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("png", "image/png"));

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
    return first.getOrDefault(extension, BY_EXTENSION.getOrDefault(extension, UNKNOWN));
  }
}
