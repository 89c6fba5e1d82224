package org.reelway.settings.evostream;

/** The EMS that the web services belong to, at the addresses that are coded there. */
final class LocalEms {
  private LocalEms() {}

  /** Its API tells which streams are on. */
  static void isAsked(Block block, Derivation to) {
    to.set("reelway.servers.api", new Value(block.place(), "ems:http://127.0.0.1:7777"));
  }

  /** Its streams are in the application live, whatever its events call the application. */
  static void isRead(Block block, Derivation to) {
    to.set("reelway.routing.source", new Value(block.place(), "rtmp://127.0.0.1:1935/live/{stream}"));
  }
}
