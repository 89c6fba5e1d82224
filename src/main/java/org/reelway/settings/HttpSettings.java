package org.reelway.settings;

import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.http.*}: the server for hooks and the API. */
public final class HttpSettings {
  public static final Setting<String> HOST = Setting.of(
      "reelway.http.host", Types.HOST, "127.0.0.1",
      "Address on which the server for hooks and the API listens. "
          + "Any address that is not loopback needs user name and password.");
  public static final Setting<Integer> PORT = Setting.of(
      "reelway.http.port", Types.number(0, 65535), "8090",
      "Port of the server for hooks and the API. 0 takes any free port and logs it.");
  public static final Setting<String> USERNAME = Setting.optional(
      "reelway.http.username", Types.USERNAME,
      "User name that clients give (HTTP basic authentication). Goes with the password; without both, no one is "
          + "asked.");
  public static final Setting<String> PASSWORD = Setting.optional(
      "reelway.http.password", Types.PASSWORD,
      "Password that clients give. Put TLS in front of the server before it leaves a trusted network.");

  static final Setting.Group GROUP = new Setting.Group(
      "HTTP API", "The server for hooks and the recordings API.",
      List.of(HOST, PORT, USERNAME, PASSWORD));

  private HttpSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        CrossRule.goesWith(USERNAME, PASSWORD), CrossRule.goesWith(PASSWORD, USERNAME),
        CrossRule.openHostNeedsPassword(HOST, USERNAME, PASSWORD));
  }
}
