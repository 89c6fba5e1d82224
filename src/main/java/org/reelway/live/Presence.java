package org.reelway.live;

/** Whether what a playlist names is in the store. */
public interface Presence {
  /** What is known of one name. */
  enum State {
    /** Verified there, or none of ours: another host's. */
    THERE,
    /** It may come yet. */
    AWAITED,
    /** It will not come any more. */
    LOST
  }

  State of(Named named);

  /** The URI by which players find it: another one where its name was taken by something else. */
  String uri(Named named);
}
