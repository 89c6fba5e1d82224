package org.reelway.stream.workflow;

import java.util.Locale;

/** How a stream stands. */
public enum StreamState {
  CREATING,
  STOPPED,
  STARTING,
  STARTED,
  STOPPING,
  DELETING,
  /** What is wanted can never be reached; it is tried again once something else is wanted, and at the next start. */
  FAILED;

  /** The word used in the API and metrics. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
