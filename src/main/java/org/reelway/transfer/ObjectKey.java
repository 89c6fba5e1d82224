package org.reelway.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.failure.Sha256;

/**
 * The key of an object: the operator's prefix and a name below it that is safe, whatever the file is called.
 *
 * <p>Spaces, quotes, {@code $(...)} and letters of any script stay as they are. Empty and {@code .} segments are
 * dropped, {@code ..} becomes {@code __}; control characters, backslashes and what XML cannot carry (a listing of the
 * bucket is XML) become {@code _}. A key has at most 1024 bytes of UTF-8
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html); a longer name is cut before its extension.
 *
 * <p>A name that was altered or cut gets {@code -} and the first 8 hex digits of the SHA-256 of what it was (in UTF-8,
 * without the dropped segments), before its extension: what was different stays different, and one file has one key.
 */
public final class ObjectKey {
  private static final int MAX_BYTES = 1024;
  private static final int MAX_PREFIX_BYTES = 900;
  private static final int MAX_EXTENSION_BYTES = 16;
  private static final int HASH_DIGITS = 8;

  private final String value;

  private ObjectKey(String value) {
    this.value = value;
  }

  /**
   * @param prefix of one or more segments, with or without slashes around it; may be empty
   * @param relative what comes below it, with {@code /} between segments; anything
   * @throws InputFailure when nothing of {@code relative} is left to name an object, or the prefix has more than 900
   *     bytes
   */
  public static ObjectKey of(String prefix, String relative) {
    String folder = folder(prefix);
    String plain = segments(relative).collect(Collectors.joining("/"));
    String safe = segments(relative).map(ObjectKey::safe).collect(Collectors.joining("/"));
    if (safe.isEmpty()) {
      throw new InputFailure("the name \"" + relative + "\" has nothing but slashes and dots; "
          + "a recording needs a name that can be a key");
    }
    String key = folder + safe;
    boolean unaltered = safe.equals(plain) && bytes(key) <= MAX_BYTES;
    return new ObjectKey(unaltered ? key : folder + marked(safe, Sha256.hex(plain, HASH_DIGITS), MAX_BYTES - bytes(folder)));
  }

  /** The key as the store knows it. */
  public String value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObjectKey key && key.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }

  private static String folder(String prefix) {
    String folder = segments(prefix).map(ObjectKey::safe).map(segment -> segment + "/").collect(Collectors.joining());
    if (bytes(folder) > MAX_PREFIX_BYTES) {
      throw new InputFailure("the prefix \"" + folder + "\" has " + bytes(folder) + " bytes; allowed: "
          + MAX_PREFIX_BYTES + ", which leaves room for names within a key's " + MAX_BYTES);
    }
    return folder;
  }

  private static Stream<String> segments(String path) {
    return Arrays.stream(path.split("/")).filter(segment -> !segment.isEmpty() && !segment.equals("."));
  }

  private static String safe(String segment) {
    if (segment.equals("..")) {
      return "__";
    }
    StringBuilder safe = new StringBuilder();
    segment.codePoints().forEach(c -> safe.appendCodePoint(isSafe(c) ? c : '_'));
    return safe.toString();
  }

  private static boolean isSafe(int c) {
    boolean halfCharacter = Character.getType(c) == Character.SURROGATE;
    return !Character.isISOControl(c) && c != '\\' && !halfCharacter && c != 0xFFFE && c != 0xFFFF;
  }

  /** The name with the hash before its extension, cut in front of the hash to what fits. */
  private static String marked(String name, String hash, int maxBytes) {
    String extension = extension(name);
    String stem = name.substring(0, name.length() - extension.length());
    String end = "-" + hash + extension;
    return cut(stem, maxBytes - bytes(end)) + end;
  }

  /** With its dot; empty when there is none, or one that is too long to be meant as one. */
  private static String extension(String name) {
    int dot = name.lastIndexOf('.');
    boolean startsSegment = dot == name.lastIndexOf('/') + 1;
    boolean inLastSegment = dot > name.lastIndexOf('/');
    String extension = inLastSegment && !startsSegment ? name.substring(dot) : "";
    return bytes(extension) <= MAX_EXTENSION_BYTES ? extension : "";
  }

  /** As many whole characters as fit. */
  private static String cut(String text, int maxBytes) {
    int end = 0;
    for (int used = 0; end < text.length(); ) {
      int character = text.codePointAt(end);
      used += bytes(Character.toString(character));
      if (used > maxBytes) {
        break;
      }
      end += Character.charCount(character);
    }
    return text.substring(0, end);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
