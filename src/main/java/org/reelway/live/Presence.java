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
    LOST,
    /** Something else has the name in the store; only of {@linkplain NamedFile#numbered numbered} names. */
    TAKEN
  }

  State of(NamedFile named);

  /** Whether a playlist that is named is published as one to which nothing is added. */
  default boolean isEnded(NamedFile named) {
    return false;
  }

  /** The URI by which players find it: another one where its name was taken by something else. */
  String uri(NamedFile named);
}
