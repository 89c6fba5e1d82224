package org.reelway.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.LiveKey;
import org.reelway.transfer.ObjectKey;

/** Follows the URIs of playlists, never out of the live folder: whoever writes playlists must not choose what is sent. */
final class References {
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

  /** A file's name with a time of day, such as {@code s-10:30:05.ts}: no scheme goes on with a digit and ends so. */
  private static final Pattern CLOCK =
      Pattern.compile("[^:?#]*\\d:\\d[^?#]*\\.[A-Za-z0-9]{1,5}([?#].*)?", Pattern.DOTALL);

  private final RecordingFolder folder;
  private final String prefix;
  private final LiveKey template;

  /** @param prefix of all keys; may be empty */
  References(RecordingFolder folder, String prefix, LiveKey template) {
    this.folder = folder;
    this.prefix = prefix;
    this.template = template;
  }

  /** The key of a file in the folder: the prefix, and what the template makes of its path. */
  String key(Path file) {
    String relative = folder.relative(file);
    String below = template.of(relative);
    String key = ObjectKey.of(prefix, below).value();
    if (!key.endsWith(below)) {
      throw new InputFailure(
          "the name \"" + relative + "\" cannot be the name of an object, and players would not find it under another"
              + " one; have the media server use names without control characters and backslashes, up to 900 bytes");
    }
    return key;
  }

  /** The file whose key this is; empty where the key is none of this folder's. */
  Optional<Path> file(String key) {
    String start = ObjectKey.of(prefix, "x").value();
    String before = start.substring(0, start.length() - 1);
    return key.startsWith(before)
        ? template.path(key.substring(before.length())).map(folder.root()::resolve)
        : Optional.empty();
  }

  /** Path of the file below the folder, with {@code /}. */
  String relative(Path file) {
    return folder.relative(file);
  }

  /** Whether it may be a name that its writer did not escape. */
  static boolean isAmbiguous(String uri) {
    return uri.chars().anyMatch(c -> ":#?%".indexOf(c) >= 0);
  }

  /**
   * Where it leads. A name with characters that mean something else in a URI counts as it stands where a file is called
   * so, and the file that the URI means is not there.
   *
   * @throws InputFailure when the URI leads out of the live folder
   */
  Target resolve(Path playlist, String uri) {
    if (!isAmbiguous(uri) || uri.indexOf('\0') >= 0 || uri.indexOf('\\') >= 0 || uri.startsWith("/") || uri.contains("://")) {
      return asUri(playlist, uri);
    }
    boolean clock = CLOCK.matcher(uri).matches();
    boolean meant = !isUrl(uri) && isEscaped(uri) && asUri(playlist, uri) instanceof Target.File file && Files.exists(file.file());
    if (!meant && file(uri, playlist, uri) instanceof Target.File literal && (clock || Files.exists(literal.file()))) {
      return new Target.File(literal.file(), literal.key(), escaped(uri));
    }
    return asUri(playlist, uri);
  }

  private static boolean isEscaped(String uri) {
    return !uri.matches("(?s).*%(?![0-9A-Fa-f]{2}).*");
  }

  private static String escaped(String name) {
    String escaped = name.replace("%", "%25").replace("#", "%23").replace("?", "%3F");
    return escaped.split("/", 2)[0].indexOf(':') < 0 ? escaped : "./" + escaped;
  }

  private Target asUri(Path playlist, String uri) {
    if (isUrl(uri)) {
      if (uri.regionMatches(true, 0, "file:", 0, 5)) {
        throw refused(uri, "names a file of this machine");
      }
      return new Target.Elsewhere();
    }
    String path = decoded(uri, uri.split("[?#]", 2)[0]);
    if (path.startsWith("/") || path.isEmpty()) {
      throw refused(uri, path.isEmpty() ? "names nothing" : "is an absolute path");
    }
    if (path.indexOf('\0') >= 0 || path.indexOf('\\') >= 0) {
      throw refused(uri, "has a character that no chunk's name may have");
    }
    return file(uri, playlist, path);
  }

  static boolean isUrl(String uri) {
    return uri.startsWith("//") || SCHEME.matcher(uri).matches();
  }

  private Target file(String uri, Path playlist, String path) {
    Deque<String> segments = new ArrayDeque<>();
    for (String segment : (folder.relative(playlist.getParent()) + "/" + path).split("/", -1)) {
      if (segment.equals("..")) {
        if (segments.pollLast() == null) {
          throw refused(uri, "leads out of the live folder " + folder);
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    try {
      Path named = folder.root().resolve(String.join("/", segments));
      if (named.equals(folder.root())) {
        throw refused(uri, "names a folder");
      }
      if (isBehindLink(named)) {
        throw refused(uri, "leads over a link");
      }
      requireSameGroup(uri, playlist, named);
      return new Target.File(named, key(named), null);
    } catch (InvalidPathException e) {
      throw refused(uri, "is no path");
    }
  }

  private void requireSameGroup(String uri, Path playlist, Path named) {
    boolean same = LiveKey.group(relative(playlist)).equals(LiveKey.group(relative(named)));
    if (template.dividesGroups() && !same) {
      throw refused(uri, "is in another group, which reelway.live.key " + template + " puts elsewhere");
    }
  }

  /** A folder that is not there yet is no reason to refuse; whether it came as a link is asked again with the file. */
  private static boolean isBehindLink(Path named) {
    try {
      return !named.getParent().toRealPath().equals(named.getParent());
    } catch (IOException notThereYet) {
      return false;
    }
  }

  /** Whether the file's folders are what they seem: no link leads out of the live folder. */
  boolean isInside(Path file) {
    return folder.locate(file).filter(file::equals).isPresent();
  }

  /** @throws InputFailure when an escape is none, or gives no UTF-8 */
  static String decoded(String uri, String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.put(bytes[i]);
        continue;
      }
      int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
      if (low < 0) {
        throw refused(uri, "has a % that is no escape");
      }
      decoded.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException e) {
      throw refused(uri, "is not UTF-8");
    }
  }

  private static InputFailure refused(String uri, String why) {
    String shown = uri.length() > 200 ? uri.substring(0, 200) + "..." : uri;
    return new InputFailure(
        "the playlist names \"" + shown.replaceAll("\\p{Cntrl}", "?") + "\", which " + why
            + "; allowed are paths inside the live folder, and URLs of other hosts. Nothing of it is published until the"
            + " media server writes it without");
  }
}
