package org.reelway.config;

import java.net.URI;

/**
 * Where a media server tells of its streams.
 *
 * @param name of the server, as its events have it
 * @param uri base of the API, without user and password; of nginx-rtmp the statistics page
 * @param userInfo {@code user:password} for basic authentication; empty for none. A secret
 */
public record ServerApi(Kind kind, String name, URI uri, String userInfo) {
  /** One that asks for no password. */
  public ServerApi(Kind kind, String name, URI uri) {
    this(kind, name, uri, "");
  }

  /** Servers that have an API which is understood. */
  public enum Kind {
    NGINX_RTMP("nginx-rtmp"),
    SRS("srs"),
    MEDIAMTX("mediamtx"),
    EMS("ems");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The source of this server's events. */
    public String word() {
      return word;
    }
  }

  /** Without what is secret. */
  @Override
  public String toString() {
    return kind.word() + " " + name + " at " + uri;
  }
}
