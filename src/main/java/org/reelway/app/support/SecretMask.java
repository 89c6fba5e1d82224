package org.reelway.app.support;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.SensitiveUtils;
import org.reelway.settings.Settings;

/**
 * Takes out of a text what the settings say is secret, wherever it stands, and what looks like a secret by its name. What it
 * cannot know is a secret of a route under a harmless name.
 */
public final class SecretMask {
  private static final String MASK = "*****";
  /** Shorter ones are words of the text, too. */
  private static final int WORD = 6;
  private static final int SHORTEST_PART = 4;
  private static final int SHORTEST_KEY = 8;
  private static final String PLACEHOLDER = "!";
  /** As much as is read of files of accounts and secrets. */
  private static final long LARGEST_FILE = 1 << 20;

  private static final String NAME =
      "[\\w.-]*(?:password|passphrase|passwd|secret|token|credential|access-?key|private-?key|api-?key|signature|authorization|"
          + SensitiveUtils.getSensitivePattern() + ")[\\w.-]*";
  /** A block of lines that are indented as its first is. */
  private static final String BLOCK = "[|>][-+0-9]*[ \\t]*\\r?\\n(?<in>[ \\t]+)[^\\r\\n]*(?:\\r?\\n\\k<in>[^\\r\\n]*)*";
  private static final String NO_PLACEHOLDER = "(?![\"']?\\{\\{)";
  /** Between quotes or in Camel's RAW(), a block, or to the end of a line, of an entry of a list, or of a parameter of an address. */
  private static final String VALUE = NO_PLACEHOLDER + "(?:RAW\\([^\\r\\n]*?\\)(?=[&\"'\\s]|$)|\"(?:[^\"\\\\\\r\\n]|\\\\.)*+\""
      + "|'(?:[^'\\r\\n]|'')*+'|" + BLOCK + "|[^\\s{}\\[\\]&,][^\\r\\n&,}]*)";
  private static final Pattern MEMBER =
      Pattern.compile("(?i)(?<before>" + NAME + "(?:\\\\?[\"'])?[ \\t]*[:=][ \\t]*)" + VALUE);
  /** A member that has its line to itself; its value may have commas in it. */
  private static final Pattern LINE = Pattern.compile(
      "(?im)(?<before>^[ \\t]*(?:-[ \\t]+)?[\"']?" + NAME + "[\"']?[ \\t]*:[ \\t]+)" + NO_PLACEHOLDER + "[^\\s{\\[|>][^\\r\\n]*");
  /** A header that is set by a step of a route: its name, and its value some lines below. */
  private static final Pattern HEADER = Pattern.compile(
      "(?i)(?<before>\\bname:[ \\t]*[\"']?" + NAME + "(?:[^\\n]*\\n){0,4}?[^\\n]*?\\b(?:expression|constant|simple):[ \\t]*)" + VALUE);
  private static final Pattern CREDENTIALS = Pattern.compile("(?i)\\b(basic|bearer) +[\\w.~+/=-]{4,}");
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/\\s\"'@]+@");

  private static final Pattern PARAMETER = Pattern.compile(
      "(?i)(?<before>[?&](?:" + NAME + "|[\\w.-]*(?:key|sig|auth|pass|pwd|streamid)[\\w.-]*)=)[^&\\s\"'<>]+");
  /** Such as password=…; behind a setting's name stands what is wrong with it. */
  private static final Pattern LOGGED =
      Pattern.compile("(?i)(?<before>(?<![\\w.?&-])(?!reelway\\.|camel\\.)" + NAME + "(?:\\\\?[\"'])?[ \\t]*[:=][ \\t]*)" + VALUE);
  /** What stands behind the application's name is the stream's key, or has it in it. */
  private static final Pattern STREAM_KEY = Pattern.compile("(?i)(?<before>\\brtmp[a-z]*://[^/\\s\"']+/[^/\\s\"'?]+/)[^\\s\"'<>]+");
  private static final Pattern ACCESS_KEY = Pattern.compile("\\b(?<before>AKIA|ASIA)[A-Z0-9]{12,}");

  private final List<Pattern> secrets;

  /** @param secrets each taken out as it is, and the parts of addresses that may be secret */
  SecretMask(Stream<String> secrets) {
    Set<String> all = new TreeSet<>(Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
    secrets.forEach(text -> {
      add(all, text);
      Stream.of(text.split("[,\\s]+")).forEach(part -> parts(part.replaceFirst("^[\\w.-]+=(?=\\w+://)", ""), all));
    });
    this.secrets = all.stream().map(SecretMask::pattern).toList();
  }

  /** What the settings have, and what the files that they name have. */
  public static SecretMask of(Settings settings) {
    Stream<String> files = settings.secretFiles().stream().flatMap(SecretMask::words);
    Stream<String> others = settings.others().entrySet().stream()
        .filter(other -> isSecret(other.getKey())).map(java.util.Map.Entry::getValue);
    return new SecretMask(Stream.of(settings.secretTexts().stream(), files, others).flatMap(each -> each));
  }

  /** Credentials, accounts and secrets; certificates are none. */
  private static Stream<String> words(Path file) {
    try {
      String text = Files.size(file) > LARGEST_FILE ? "" : Files.readString(file);
      return text.contains("-----BEGIN CERTIFICATE") ? Stream.empty()
          : Stream.concat(Stream.of(text.strip()), Stream.of(text.split("\\s+")).filter(word -> word.length() >= SHORTEST_KEY));
    } catch (IOException unreadable) {
      return Stream.empty();
    }
  }

  /** Of an address: password, values of its query, and a last name that may be a stream's key. */
  private static void parts(String address, Set<String> all) {
    try {
      URI uri = URI.create(address.replaceAll("\\{[^}]*}", PLACEHOLDER));
      if (uri.getScheme() == null) {
        return;
      }
      if (uri.getRawUserInfo() != null) {
        add(all, uri.getRawUserInfo().replaceFirst("^[^:]*:", ""));
      }
      if (uri.getRawQuery() != null) {
        Stream.of(uri.getRawQuery().split("&")).map(each -> each.replaceFirst("^[^=]*=", "")).forEach(each -> add(all, each));
      }
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      Stream.of(path.substring(path.lastIndexOf('/') + 1).split(PLACEHOLDER)).filter(part -> part.length() >= SHORTEST_KEY)
          .forEach(part -> add(all, part));
    } catch (IllegalArgumentException noAddress) {
      return;
    }
  }

  private static void add(Set<String> all, String secret) {
    if (secret.length() >= SHORTEST_PART) {
      all.add(secret);
      all.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
      all.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
      try {
        String decoded = URLDecoder.decode(secret, StandardCharsets.UTF_8);
        all.add(decoded.length() >= SHORTEST_PART ? decoded : secret);
      } catch (IllegalArgumentException notEncoded) {
        all.add(secret);
      }
    }
  }

  private static Pattern pattern(String secret) {
    String quoted = Pattern.quote(secret);
    return Pattern.compile(secret.length() < WORD ? "(?<![A-Za-z0-9])" + quoted + "(?![A-Za-z0-9])" : quoted);
  }

  private static boolean isSecret(String name) {
    return name.matches("(?i)" + NAME);
  }

  /** @return the text without them */
  public String mask(String text) {
    String masked = text;
    for (Pattern secret : secrets) {
      masked = secret.matcher(masked).replaceAll(MASK);
    }
    return USER_INFO.matcher(masked).replaceAll(MASK + "@");
  }

  /** The same of lines that libraries write, too: what looks like a secret in them goes. */
  public String maskLogged(String text) {
    String masked = CREDENTIALS.matcher(mask(text)).replaceAll("$1 " + MASK);
    masked = STREAM_KEY.matcher(masked).replaceAll("${before}" + MASK);
    masked = ACCESS_KEY.matcher(masked).replaceAll("${before}" + MASK);
    masked = PARAMETER.matcher(masked).replaceAll("${before}" + MASK);
    return LOGGED.matcher(masked).replaceAll("${before}" + MASK);
  }

  /** The same of a text that people write, such as a route: what looks like a secret goes too. */
  public String maskWritten(String text) {
    String masked = CREDENTIALS.matcher(mask(text)).replaceAll("$1 " + MASK);
    masked = LINE.matcher(masked).replaceAll("${before}" + MASK);
    masked = MEMBER.matcher(masked).replaceAll("${before}" + MASK);
    return HEADER.matcher(masked).replaceAll("${before}" + MASK);
  }
}
