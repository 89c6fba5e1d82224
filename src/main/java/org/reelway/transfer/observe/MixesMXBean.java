package org.reelway.transfer.observe;

import java.util.Map;

/** Recordings that are to be mixed, as JMX shows and changes them. */
public interface MixesMXBean {
  long getWaiting();

  long getMixing();

  /** Those that go on when enough space is free. */
  long getNoRoom();

  long getFailed();

  long getCancelled();

  /** How far those that run are, together: 0 to 100; 0 where none runs. */
  double getPercent();

  /** Until the last of those that run is done; -1 where none runs, and while nobody can know. */
  long getSecondsLeft();

  /** By id: the recording, its state, and how far its mix is or why it does not go on. */
  Map<String, String> getMixes();

  /** Ends one; it can be tried again. */
  void cancel(String id);

  /** Tries one again that failed, was cancelled, or waits for room. */
  void retry(String id);

  /** Drops one, and the room that it holds. */
  void drop(String id);
}
