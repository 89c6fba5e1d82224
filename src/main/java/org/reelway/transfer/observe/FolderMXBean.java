package org.reelway.transfer.observe;

/** A watched folder, as JMX and Hawtio show it. Read only. */
public interface FolderMXBean {
  String getFolder();

  /** {@code events}, {@code polling} or {@code missing}. */
  String getMode();

  /** Why; empty where there is nothing to say. */
  String getReason();

  /** ISO 8601. */
  String getModeSince();

  /** The folder itself counted. */
  int getSubfolders();

  /** Those that the system tells of. */
  int getWatched();

  /** Recordings with a marker at the last look. */
  int getMarked();

  /** Media files that are neither marked nor finished. */
  int getUnmarked();

  /** Files that do not change any more, but are not whole. */
  int getHeldBack();

  long getLooks();

  /** ISO 8601; empty before the first. */
  String getLastLook();

  long getLastLookMillis();

  /** ISO 8601; empty before the first. */
  String getLastFullLook();

  long getLastFullLookMillis();

  /** Times that the system had more to tell than it could keep. */
  long getOverflows();
}
