package org.reelway.camel.http;

/** What the servers themselves make a difference of. */
public final class HttpPaths {
  public static final String WATCH = "/watch/";
  /** Of what the live publishers have published, by its keys: for those who watch over it, not for viewers. */
  public static final String PUBLISHED = "/live/watch/";
  public static final String PLAYER = "/player";
  public static final String JOLOKIA = "/observe/jolokia";
  public static final String DASHBOARD_EVENTS = "/dashboard/events";

  private HttpPaths() {}

  /** Whether a request for the path waits for the store. */
  public static boolean isWatched(String path) {
    return path.startsWith(WATCH) || path.startsWith(PUBLISHED);
  }
}
