package org.reelway.settings;

import java.util.List;

/** {@code reelway.management.*}: the server for health, metrics and JMX over HTTP. */
public final class ManagementSettings {
  public static final Setting<String> HOST = Setting.of(
      "reelway.management.host", StringType.HOST, "127.0.0.1",
      "Address on which the server for health, metrics and JMX over HTTP listens. "
          + "Any address that is not loopback needs user name and password.");
  public static final Setting<Integer> PORT = Setting.of(
      "reelway.management.port", IntType.between(0, 65535), "9876",
      "Port of the server for health, metrics and JMX over HTTP. 0 takes any free port and logs it.");
  public static final Setting<String> USERNAME = Setting.optional(
      "reelway.management.username", StringType.USERNAME,
      "User name that clients give (HTTP basic authentication). Goes with the password; without both, no one is "
          + "asked.");
  public static final Setting<String> PASSWORD = Setting.optional(
      "reelway.management.password", SecretType.PASSWORD,
      "Password that clients give. Put TLS in front of the server before it leaves a trusted network.");

  static final SettingGroup GROUP = new SettingGroup(
      "Management", "The server for health, metrics and JMX over HTTP.",
      List.of(HOST, PORT, USERNAME, PASSWORD));

  private ManagementSettings() {}
}
