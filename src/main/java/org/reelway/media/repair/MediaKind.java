package org.reelway.media.repair;

/** What a broken file holds, by its content, and what a repaired one becomes. */
public enum MediaKind {
  /** With its index; data are cut off. */
  MP4("MP4", "mp4", "mp4"),
  FRAGMENTED_MP4("fragmented MP4", "mp4", "mp4"),
  /** Media data whose index, which the writer would have written last, is not there. */
  MP4_WITHOUT_INDEX("MP4 without moov", "mp4", "mp4"),
  FLV("FLV", "flv", "flv"),
  TS("MPEG-TS", "ts", "mpegts"),
  MATROSKA("Matroska", "mkv", "matroska"),
  WEBM("WebM", "webm", "webm");

  private final String words;
  private final String extension;
  private final String muxer;

  MediaKind(String words, String extension, String muxer) {
    this.words = words;
    this.extension = extension;
    this.muxer = muxer;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** The usual one, without dot. */
  String extension() {
    return extension;
  }

  /** ffmpeg's name for the format that the repaired file gets. */
  String muxer() {
    return muxer;
  }

  boolean isMp4() {
    return this == MP4 || this == FRAGMENTED_MP4 || this == MP4_WITHOUT_INDEX;
  }
}
