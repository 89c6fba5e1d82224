package org.reelway.stream.server;

/** What a server gets to hear when its event was taken. */
public record EventAnswer(int status, String contentType, String body) {
  public static EventAnswer json(int status, String body) {
    return new EventAnswer(status, "application/json", body);
  }
}
