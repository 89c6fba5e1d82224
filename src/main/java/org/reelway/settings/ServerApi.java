package org.reelway.settings;

import java.net.URI;

/**
 * Where a media server tells of its streams.
 *
 * @param name of the server, as its events have it
 * @param uri base of the API, without user and password; of nginx-rtmp the page of rtmp_stat, or of rtmp_control
 * @param userInfo {@code user:password} for basic authentication; empty for none. A secret
 */
public record ServerApi(Kind kind, String name, URI uri, String userInfo) {
  /** One that asks for no password. */
  public ServerApi(Kind kind, String name, URI uri) {
    this(kind, name, uri, "");
  }

  /** APIs that are understood. */
  public enum Kind {
    NGINX_RTMP("nginx-rtmp", "nginx-rtmp", true),
    /** Only has streams recorded. */
    NGINX_RTMP_CONTROL("nginx-rtmp-control", "nginx-rtmp", false),
    SRS("srs", "srs", true),
    MEDIAMTX("mediamtx", "mediamtx", true),
    EMS("ems", "ems", true),
    /** Only has streams recorded. */
    WCS("wcs", "wcs", false);

    private final String word;
    private final String source;
    private final boolean lists;

    Kind(String word, String source, boolean lists) {
      this.word = word;
      this.source = source;
      this.lists = lists;
    }

    public String word() {
      return word;
    }

    /** The source of this server's events. */
    public String source() {
      return source;
    }

    /** Whether it tells which streams are on. */
    public boolean lists() {
      return lists;
    }
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return kind.word() + " " + name + " at " + uri;
  }
}
