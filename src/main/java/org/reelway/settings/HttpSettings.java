package org.reelway.settings;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code reelway.http.*}: the server for hooks and the API. */
public final class HttpSettings {
  public static final Setting<String> HOST = Setting.of(
      "reelway.http.host", Types.HOST, "127.0.0.1",
      "Address on which the server for hooks and the API listens. "
          + "Any address that is not loopback needs accounts: the access file, or user name and password.");
  public static final Setting<Integer> PORT = Setting.of(
      "reelway.http.port", Types.number(0, 65535), "8090",
      "Port of the server for hooks and the API. 0 takes any free port and logs it.");
  public static final Setting<String> USERNAME = Setting.optional(
      "reelway.http.username", Types.USERNAME,
      "User name that clients give (HTTP basic authentication), of an account that may do everything. Goes with the password; "
          + "without both, and without an access file, no one is asked.");
  public static final Setting<String> PASSWORD = Setting.optional(
      "reelway.http.password", Types.PASSWORD,
      "Password that clients give; it works as a bearer token too. Set a certificate before the server leaves a trusted network.");
  public static final Setting<Path> ACCESS_FILE = Setting.optional(
      "reelway.http.access-file", Folders.PATH,
      "File of accounts, a line each: NAME ROLE SECRET. The role is read, operate or hooks (a media server, which posts hooks and "
          + "sees nothing). The secret stands there as such, or as sha256:HEX. It holds for both HTTP servers and is read again "
          + "when it changes (docs/security.md).");
  public static final Setting<URI> ADVERTISED = Setting.optional(
      "reelway.http.advertised", AddressTypes.SERVICE,
      "Address by which other machines reach this server, such as http://studio-1.example:8090: GET /nodes and messages of other "
          + "sidecars on the same state name it. Where it is not set, host and port as they are.");
  public static final Setting<Path> TLS_CERTIFICATE = Setting.optional(
      "reelway.http.tls-certificate", Folders.PATH,
      "PEM file with the server's certificate and those between it and its authority. With it and its key the server speaks "
          + "https only; both are read again when they change.");
  public static final Setting<Path> TLS_KEY = Setting.optional(
      "reelway.http.tls-key", Folders.PATH, "PEM file with the key of the certificate, without a password.");

  static final Setting.Group GROUP = new Setting.Group(
      "HTTP API", "The server for hooks and the recordings API.",
      List.of(HOST, PORT, USERNAME, PASSWORD, ACCESS_FILE, ADVERTISED, TLS_CERTIFICATE, TLS_KEY));

  private HttpSettings() {}

  static Stream<CrossRule> rules() {
    return Stream.of(
        CrossRule.goesWith(USERNAME, PASSWORD), CrossRule.goesWith(PASSWORD, USERNAME),
        CrossRule.openHostNeedsPassword(HOST, USERNAME, PASSWORD),
        CrossRule.goesWith(TLS_CERTIFICATE, TLS_KEY), CrossRule.goesWith(TLS_KEY, TLS_CERTIFICATE));
  }
}
