package org.reelway.settings;

import java.util.List;

/** {@code reelway.http.*}: the server for hooks and the API. */
public final class HttpSettings {
  public static final Setting<String> HOST = Setting.of(
      "reelway.http.host", StringType.HOST, "127.0.0.1",
      "Address on which the server for hooks and the API listens. "
          + "Any address that is not loopback needs user name and password.");
  public static final Setting<Integer> PORT = Setting.of(
      "reelway.http.port", IntType.between(0, 65535), "8090",
      "Port of the server for hooks and the API. 0 takes any free port and logs it.");
  public static final Setting<String> USERNAME = Setting.optional(
      "reelway.http.username", StringType.USERNAME,
      "User name that clients give (HTTP basic authentication). Goes with the password; without both, no one is "
          + "asked.");
  public static final Setting<String> PASSWORD = Setting.optional(
      "reelway.http.password", SecretType.PASSWORD,
      "Password that clients give. Put TLS in front of the server before it leaves a trusted network.");

  static final SettingGroup GROUP = new SettingGroup(
      "HTTP API", "The server for hooks and the recordings API.",
      List.of(HOST, PORT, USERNAME, PASSWORD));

  private HttpSettings() {}
}
