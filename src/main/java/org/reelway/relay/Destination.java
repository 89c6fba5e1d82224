package org.reelway.relay;

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
 */
record Destination(
    String shown, String group, String host, int port, List<String> arguments, List<Secret> secrets) {

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
