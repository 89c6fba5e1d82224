package org.reelway.stream.relay;

import java.net.URI;
import java.util.List;

/**
 * Where one stream is sent to, as ffmpeg takes it. What is secret of it stands in {@code secrets} and nowhere else: it is
 * given to ffmpeg by a file, as the list of processes shows arguments to everybody on the machine.
 *
 * @param shown the URI with {@code ***} for what is secret; for logs and the API
 * @param group destinations of one configured URI share it
 * @param host that it leads to
 * @param port that it leads to
 * @param arguments of ffmpeg's output, the URL last; without secrets
 * @param secrets {@code option=value}, each a line of a preset file
 * @param twin how many destinations before it look the same without their secrets: two keys of one server, for example
 * @param http where Reelway itself sends what ffmpeg packs as HLS; null where ffmpeg sends
 */
record Destination(
    String shown, String group, String host, int port, List<String> arguments, List<Secret> secrets, int twin,
    Http http) {

  /** @param number see {@link #twin} */
  Destination asTwin(int number) {
    return new Destination(shown, group, host, port, arguments, secrets, number, http);
  }

  /**
   * Where to, and as whom.
   *
   * @param playlist its address; chunks lie beside it
   * @param authorization the header's value; empty for none. A secret
   */
  record Http(URI playlist, String authorization) {
    @Override
    public String toString() {
      return playlist.getScheme() + "://" + playlist.getAuthority() + playlist.getPath();
    }
  }

  /** What tells it from those before it that look the same; empty for the first. */
  String twinWord() {
    return twinWord(twin);
  }

  /** @param number see {@link #twin} */
  static String twinWord(int number) {
    return number == 0 ? "" : "#" + number;
  }

  /** Whether ffmpeg has to check its certificate. */
  boolean isTls() {
    return shown.startsWith("rtmps:") || shown.startsWith("rtsps:");
  }

  /** An option of ffmpeg that nobody may see. */
  record Secret(String option, String value) {
    @Override
    public String toString() {
      return option + "=***";
    }
  }

  /** The text with every secret in it made unreadable. */
  String redacted(String text) {
    String clean = text;
    for (Secret secret : secrets) {
      clean = secret.value().isEmpty() ? clean : clean.replace(secret.value(), "***");
    }
    return clean;
  }
}
