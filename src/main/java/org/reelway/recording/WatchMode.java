package org.reelway.recording;

/**
 * How new files of a folder come to be known.
 *
 * @param reason for people; empty where there is nothing to say
 */
public record WatchMode(Kind kind, String reason) {

  /** What a mode is called in logs, health, metrics and the API. */
  public enum Kind {
    /** The system tells at once; looks find whatever it does not tell. */
    EVENTS("events"),
    /** Found by looks alone, or surely only by them. */
    POLLING("polling"),
    /** The folder is not there. */
    MISSING("missing");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  static WatchMode events() {
    return new WatchMode(Kind.EVENTS, "");
  }

  static WatchMode polling(String reason) {
    return new WatchMode(Kind.POLLING, reason);
  }

  static WatchMode missing(String reason) {
    return new WatchMode(Kind.MISSING, reason);
  }

  @Override
  public String toString() {
    return reason.isEmpty() ? kind.word() : kind.word() + ": " + reason;
  }
}
