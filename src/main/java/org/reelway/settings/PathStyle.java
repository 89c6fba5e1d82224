package org.reelway.settings;

/** Whether the bucket stands in the path of a request, or in its host name. */
public enum PathStyle {
  /** In the path when an endpoint is set. */
  AUTO,
  TRUE,
  FALSE
}
