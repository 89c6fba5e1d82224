package org.reelway.stream.relay;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.AllowedInputs;
import org.reelway.stream.supervise.KnownTracks;

/**
 * Where ffmpeg reads a stream from, as its arguments. A name is no part of a URL's syntax, whatever is in it: RTMP takes it
 * as an option of its own, other URLs have it escaped. RTMP itself knows no escapes: those of the URI are undone.
 *
 * @param uri as people write it
 * @param arguments of ffmpeg's input, {@code -i} and the URL included
 * @param tracks that it is known to have
 */
public record StreamSource(String uri, List<String> arguments, KnownTracks tracks) {
  /** Where there are no sounds, a server may say nothing from one key picture to the next. */
  private static final Duration TO_THE_NEXT_KEY_PICTURE = Duration.ofSeconds(30);
  /** What HTTP also carries. */
  private static final List<String> OTHERS = List.of(".m3u8", ".ts", ".mp4", ".mkv", ".webm");
  /** What is the same with escapes undone, and an ffmpeg takes as it is. */
  private static final Pattern PLAIN = Pattern.compile("[!-~&&[^%]]*");
  /** What decoders put for bytes that are no letter. */
  private static final char NO_LETTER = '\uFFFD';

  /**
   * @param template URI, mostly with {@code {app}} and {@code {stream}}
   * @param app application; the template may do without
   * @param silence after which a server that sends nothing has gone
   * @throws InputFailure where the template's escapes are no UTF-8, or streams are not read by its scheme
   */
  public static StreamSource of(String template, String app, String stream, Duration silence) {
    return of(template, app, stream, silence, KnownTracks.none());
  }

  /** @param tracks that the server says it has */
  static StreamSource of(String template, String app, String stream, Duration silence, KnownTracks tracks) {
    if ((app + stream).indexOf(0) >= 0) {
      throw new InputFailure("the stream's name holds a NUL (U+0000), which no program takes");
    }
    List<String> arguments = new ArrayList<>(AllowedInputs.stream(template));
    boolean rtsp = template.startsWith("rtsp");
    Duration gone = rtsp || silence.compareTo(TO_THE_NEXT_KEY_PICTURE) > 0 ? silence : TO_THE_NEXT_KEY_PICTURE;
    arguments.add(rtsp ? "-timeout" : "-rw_timeout");
    arguments.add(String.valueOf(gone.toNanos() / 1000));
    int path = template.indexOf('/', template.indexOf("://") + 3);
    int name = template.indexOf("{stream}");
    boolean whole = name < 0 && !PLAIN.matcher(template).matches();
    if (template.startsWith("rtmp") && path >= 0 && (name > path || whole)) {
      int slash = template.lastIndexOf('/', whole ? template.length() : name);
      arguments.addAll(
          List.of(
              "-rtmp_app", filled(decoded(template.substring(path + 1, Math.max(path + 1, slash))), app, stream),
              "-rtmp_playpath", filled(decoded(template.substring(slash + 1)), app, stream), "-i", template.substring(0, path + 1)));
    } else {
      arguments.addAll(List.of("-i", filled(template, encoded(app), encoded(stream))));
    }
    return new StreamSource(filled(template, app, stream), List.copyOf(arguments), tracks);
  }

  /** What the next run of ffmpeg is told: it looks for tracks for as long as what is known of them asks for. */
  public List<String> input() {
    List<String> all = new ArrayList<>(tracks.options(!uri.startsWith("rtmp")));
    all.addAll(arguments);
    return all;
  }

  /** Whether it comes as FLV, as far as is known: {@link #bytes} gives all that is in it then. */
  public boolean mayBeFlv() {
    String path = uri.replaceFirst("[?#].*", "").toLowerCase(Locale.ROOT);
    return tracks.mayBeFlv()
        && (uri.startsWith("rtmp") || uri.startsWith("http") && OTHERS.stream().noneMatch(path::endsWith));
  }

  /** What an ffmpeg is told that gives the stream's bytes as they are, {@code -i} and the URL included. */
  public List<String> bytes() {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(all.lastIndexOf("-i"), List.of("-format_whitelist", "data", "-f", "data"));
    return all;
  }

  private static String filled(String template, String app, String stream) {
    // Not one after the other: a name may hold what looks like a placeholder.
    int at = template.indexOf("{stream}");
    return at < 0
        ? template.replace("{app}", app)
        : template.substring(0, at).replace("{app}", app) + stream + template.substring(at + "{stream}".length());
  }

  private static String decoded(String text) {
    String decoded;
    try {
      decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      decoded = String.valueOf(NO_LETTER);
    }
    if (decoded.indexOf(NO_LETTER) >= 0) {
      throw new InputFailure(
          "\"" + text + "\" has escapes that are no UTF-8; write names as they are, or each byte as %XX, and % as %25");
    }
    return decoded;
  }

  /** With everything escaped that is not plain in each part of a URL. */
  static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (each & 0xff);
      boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || "-._~".indexOf(letter) >= 0);
      encoded.append(plain ? String.valueOf(letter) : String.format(Locale.ROOT, "%%%02X", (int) letter));
    }
    return encoded.toString();
  }
}
