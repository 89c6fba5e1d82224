package org.reelway.stream.relay;

/** Where another server pulls a stream from: as it is read here, but by the address that others reach this server by. */
final class PullSource {
  private PullSource() {}

  /**
   * @param source as in {@link FanOut}
   * @param address {@code host:port} of RTMP
   */
  static String template(String source, String address) {
    int path = source.indexOf('/', source.indexOf("://") + 3);
    boolean rtmp = source.startsWith("rtmp://") && path > 0;
    return "rtmp://" + address + (rtmp ? source.substring(path) : "/{app}/{stream}");
  }
}
