package org.reelway.stream.server;

/** A stream began, or ended. */
public record StreamChange(boolean started, RegisteredStream stream) {
  public String word() {
    return started ? "started" : "ended";
  }
}
