package org.reelway.settings.access;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.reelway.failure.InputFailure;
import org.reelway.failure.Sha256;
import org.reelway.settings.ChangingFiles;
import org.reelway.settings.HttpSettings;
import org.reelway.settings.ManagementSettings;
import org.reelway.settings.Setting;
import org.reelway.settings.Settings;

/**
 * The accounts of one server: those of the access file, which is read again when it changes, and the user name with its
 * password of the settings, whose role is {@link Role#OPERATE}. Takes names with secrets, and secrets alone (bearer tokens).
 * Safe for several threads.
 */
public final class Logins {
  private static final String BASIC = "basic ";
  private static final String BEARER = "bearer ";

  private final Settings settings;
  private final Setting<String> username;
  private final Setting<String> password;
  private final Optional<ChangingFiles<List<Secret>>> file;

  private Logins(
      Settings settings, Setting<String> username, Setting<String> password, Optional<ChangingFiles<List<Secret>>> file) {
    this.settings = settings;
    this.username = username;
    this.password = password;
    this.file = file;
  }

  /**
   * Of the server for hooks and the API, and of whatever people log in to beside it.
   *
   * @throws InputFailure where the access file cannot be read, or a line of it is wrong
   */
  public static Logins http(Settings settings) {
    return new Logins(settings, HttpSettings.USERNAME, HttpSettings.PASSWORD,
        Optional.ofNullable(settings.get(HttpSettings.ACCESS_FILE)).map(Logins::accounts));
  }

  /** As {@link #http}, of the server for health, metrics and JMX alone. */
  public static Logins management(Settings settings) {
    return http(settings).ofManagement();
  }

  /** Of the server for health, metrics and JMX, by the same reading of the access file: a fault in it is told once. */
  public Logins ofManagement() {
    return new Logins(settings, ManagementSettings.USERNAME, ManagementSettings.PASSWORD, file);
  }

  private static ChangingFiles<List<Secret>> accounts(Path path) {
    try {
      return new ChangingFiles<>(
          HttpSettings.ACCESS_FILE.key(), List.of(path), bytes -> AccessFile.read(path.toString(), bytes.get(0)));
    } catch (InputFailure e) {
      throw new InputFailure(HttpSettings.ACCESS_FILE + ": " + e.getMessage(), e);
    }
  }

  /** Whether anybody is asked who he is: where there is no account, nobody is. */
  public boolean areAsked() {
    return file.isPresent() || settings.isSet(username);
  }

  /** Reads again what changed; not for a thread that must not wait for a disk. */
  public void refresh() {
    file.ifPresent(ChangingFiles::now);
  }

  /** Why the access file is not read as it is now. */
  public Optional<String> trouble() {
    return file.flatMap(ChangingFiles::trouble);
  }

  /** Of a name and its secret, as people type them. */
  public Optional<Account> account(String name, String secret) {
    return find(secret, each -> each.account().name().equals(name));
  }

  /** @param authorization the header: HTTP basic (RFC 7617) or a bearer token (RFC 6750); null where there is none */
  public Optional<Account> account(String authorization) {
    Optional<String> bearer = after(BEARER, authorization);
    if (bearer.isPresent()) {
      return find(bearer.get(), each -> true);
    }
    String pair = pair(authorization);
    int colon = pair.indexOf(':');
    return colon < 0 ? Optional.empty() : account(pair.substring(0, colon), pair.substring(colon + 1));
  }

  /** The name that basic authentication gives, whoever gives it; empty where there is none. */
  public static String name(String authorization) {
    String pair = pair(authorization);
    return pair.substring(0, Math.max(0, pair.indexOf(':')));
  }

  /** A login that a client of this machine can use, which knows the settings: of an account that may do everything. */
  public Optional<String> own() {
    return secrets().stream()
        .filter(each -> each.account().role() == Role.OPERATE && each.plain().isPresent())
        .findFirst()
        .map(each -> "Basic " + Base64.getEncoder().encodeToString(
            (each.account().name() + ":" + each.plain().get()).getBytes(StandardCharsets.UTF_8)));
  }

  /** All are looked at, so that the time tells nothing. */
  private Optional<Account> find(String secret, Predicate<Secret> named) {
    byte[] given = Sha256.of(secret);
    Account found = null;
    for (Secret each : secrets()) {
      boolean right = each.is(given) & named.test(each);
      found = right && found == null ? each.account() : found;
    }
    return Optional.ofNullable(found);
  }

  private List<Secret> secrets() {
    List<Secret> all = new ArrayList<>();
    String own = settings.get(username);
    String secret = settings.last(password);
    if (own != null && secret != null) {
      all.add(Secret.of(new Account(own, Role.OPERATE), secret));
    }
    file.ifPresent(accounts -> all.addAll(accounts.last()));
    return all;
  }

  private static Optional<String> after(String scheme, String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length())
        ? Optional.of(authorization.substring(scheme.length()).strip()) : Optional.empty();
  }

  private static String pair(String authorization) {
    try {
      return after(BASIC, authorization)
          .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)).orElse("");
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
