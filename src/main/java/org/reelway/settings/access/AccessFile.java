package org.reelway.settings.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.reelway.failure.InputFailure;

/** The accounts of a file: {@code NAME ROLE SECRET} a line, the secret as such or {@code sha256:} and its hash in hex. */
final class AccessFile {
  private static final int MOST = 1000;
  private static final int SHORTEST_SECRET = 16;
  private static final Pattern NAME = Pattern.compile("[^:\\s\\p{Cntrl}]{1,64}");
  private static final String HASH = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
  private static final String FORM = "; write NAME ROLE SECRET, separated by spaces";

  private AccessFile() {}

  /** @throws InputFailure that names the line, never a secret */
  static List<Secret> read(String file, byte[] bytes) {
    List<Secret> secrets = new ArrayList<>();
    List<String> lines = text(file, bytes).lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty() && !lines.get(i).startsWith("#")) {
        String where = file + ":" + (i + 1) + ": ";
        Secret secret = secret(where, lines.get(i).split("\\s+"));
        requireNew(where, secret, secrets);
        secrets.add(secret);
      }
    }
    if (secrets.isEmpty()) {
      throw new InputFailure("the file " + file + " has no account" + FORM);
    }
    return List.copyOf(secrets);
  }

  private static String text(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputFailure("the file " + file + " is not UTF-8 text; save it as UTF-8", e);
    }
  }

  private static Secret secret(String where, String[] words) {
    if (words.length != 3) {
      throw new InputFailure(where + "the line has " + words.length + (words.length == 1 ? " word" : " words") + FORM);
    }
    if (!NAME.matcher(words[0]).matches()) {
      throw new InputFailure(where + "the name is longer than 64 characters, or has a colon or a control character in it");
    }
    Role role = Arrays.stream(Role.values()).filter(each -> each.word().equals(words[1])).findFirst()
        .orElseThrow(() -> new InputFailure(
            where + "the second word (not shown) is no role; allowed: "
                + Arrays.stream(Role.values()).map(Role::word).collect(Collectors.joining(", "))));
    return new Secret(new Account(words[0], role), digest(where, words[2]), plain(words[2]));
  }

  private static byte[] digest(String where, String secret) {
    if (!secret.startsWith(HASH)) {
      if (secret.length() < SHORTEST_SECRET) {
        throw new InputFailure(
            where + "the secret (not shown) is shorter than " + SHORTEST_SECRET + " characters; make one by openssl rand -hex 24");
      }
      return Secret.digest(secret);
    }
    String hex = secret.substring(HASH.length());
    if (!HEX.matcher(hex).matches()) {
      throw new InputFailure(
          where + "what follows " + HASH + " is no SHA-256 in hex, 64 digits; make it by printf %s SECRET | sha256sum");
    }
    return HexFormat.of().parseHex(hex);
  }

  private static Optional<String> plain(String secret) {
    return secret.startsWith(HASH) ? Optional.empty() : Optional.of(secret);
  }

  private static void requireNew(String where, Secret secret, List<Secret> before) {
    if (before.size() >= MOST) {
      throw new InputFailure(where + "there are more than " + MOST + " accounts; remove some");
    }
    for (Secret other : before) {
      if (other.account().name().equals(secret.account().name())) {
        throw new InputFailure(where + "the name \"" + other.account().name() + "\" was given before; give each account its own");
      }
      if (other.isSame(secret)) {
        throw new InputFailure(
            where + "the secret is that of \"" + other.account().name() + "\", too; give each account its own, or a bearer's role"
                + " cannot be known");
      }
    }
  }
}
