package org.reelway.transfer.observe;

/** A relay, as JMX and Hawtio show it. Read only over Jolokia. */
public interface RelayMXBean {
  String getStream();

  /** Without secrets. */
  String getDestination();

  /** {@code ffmpeg}, or the kind of media server that does it itself. */
  String getBy();

  /** {@code starting}, {@code running}, {@code incomplete}, {@code waiting}, {@code stopping} or {@code stopped}. */
  String getState();

  /** ISO 8601. */
  String getSince();

  /** How often it was begun. */
  int getRuns();

  long getFrames();

  long getBytes();

  /** Why the last run ended; empty for no trouble. */
  String getTrouble();

  /** Ends it and begins anew. */
  void restart();
}
