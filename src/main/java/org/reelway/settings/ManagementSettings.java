package org.reelway.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code reelway.management.*}: the server for health, metrics and JMX over HTTP. */
public final class ManagementSettings {
  private static final Pattern ANY_ADDRESS = Pattern.compile("0\\.0\\.0\\.0|::");

  public static final Setting<String> HOST = Setting.of(
      "reelway.management.host", Types.HOST, "127.0.0.1",
      "Address on which the server for health, metrics and JMX over HTTP listens. "
          + "Any address that is not loopback needs accounts: reelway.http.access-file, or user name and password.");
  public static final Setting<Integer> PORT = Setting.of(
      "reelway.management.port", Types.number(0, 65535), "9876",
      "Port of the server for health, metrics and JMX over HTTP. 0 takes any free port and logs it.");
  public static final Setting<String> USERNAME = Setting.optional(
      "reelway.management.username", Types.USERNAME,
      "User name that clients give (HTTP basic authentication), of an account that may do everything. Goes with the password; "
          + "without both, and without an access file, no one is asked.");
  public static final Setting<String> PASSWORD = Setting.optional(
      "reelway.management.password", Types.PASSWORD,
      "Password that clients give; it works as a bearer token too. Set a certificate before the server leaves a trusted network.");
  public static final Setting<Path> TLS_CERTIFICATE = Setting.optional(
      "reelway.management.tls-certificate", Folders.PATH,
      "PEM file with the server's certificate and those between it and its authority. With it and its key the server speaks "
          + "https only; both are read again when they change.");
  public static final Setting<Path> TLS_KEY = Setting.optional(
      "reelway.management.tls-key", Folders.PATH, "PEM file with the key of the certificate, without a password.");

  static final Setting.Group GROUP = new Setting.Group(
      "Management", "The server for health, metrics and JMX over HTTP.",
      List.of(HOST, PORT, USERNAME, PASSWORD, TLS_CERTIFICATE, TLS_KEY));

  private ManagementSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        CrossRule.goesWith(USERNAME, PASSWORD), CrossRule.goesWith(PASSWORD, USERNAME),
        CrossRule.openHostNeedsPassword(HOST, USERNAME, PASSWORD),
        CrossRule.goesWith(TLS_CERTIFICATE, TLS_KEY), CrossRule.goesWith(TLS_KEY, TLS_CERTIFICATE), serversHaveTheirOwnPort());
  }

  private static CrossRule serversHaveTheirOwnPort() {
    return new CrossRule(
        List.of(HttpSettings.HOST, HttpSettings.PORT, HOST, PORT),
        PORT,
        settings -> CrossRule.problemIf(
            settings.get(PORT) != 0
                && settings.get(PORT).equals(settings.get(HttpSettings.PORT))
                && collide(settings.get(HttpSettings.HOST), settings.get(HOST)),
            settings.get(PORT) + " on " + settings.get(HOST)
                + " is taken by " + HttpSettings.PORT + "; give the two servers different ports"));
  }

  private static boolean collide(String one, String other) {
    return Stream.of(one, other).anyMatch(host -> ANY_ADDRESS.matcher(host).matches())
        || address(one).equalsIgnoreCase(address(other));
  }

  private static String address(String host) {
    return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host;
  }
}
