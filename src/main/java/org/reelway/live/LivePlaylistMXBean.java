package org.reelway.live;

/** A live playlist, as JMX and Hawtio show it. */
public interface LivePlaylistMXBean {
  /** Path below the live folder. */
  String getPlaylist();

  /** Such as {@code hls}. */
  String getKind();

  /** Of its object; empty before it was read. */
  String getAddress();

  /** {@code new}, {@code waiting}, {@code live}, {@code ended}, {@code refused}, {@code failing} or {@code gone}. */
  String getState();

  /** What the store has, such as {@code 17 to 21}; empty for nothing. */
  String getPublished();

  /** ISO 8601; empty for never. */
  String getPublishedAt();

  /** Since when something newer waits to be published, ISO 8601; empty while nothing does. */
  String getBehindSince();

  /** Objects that the published version names. */
  int getChunks();

  /** Chunks that are waited for. */
  int getAwaited();

  /** Chunks that the published version declares as missing for ever. */
  int getGaps();

  /** Empty while there is none. */
  String getTrouble();

  /** Reads the file, and what the store has, once more: after somebody repaired either. */
  void lookAgain();
}
