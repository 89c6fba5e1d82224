package org.reelway.media.repair;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What became of a broken recording.
 *
 * @param container what the broken file holds, in words
 * @param method how it was repaired
 * @param tracks of the repaired file; empty where there is none
 * @param seconds the repaired file lasts
 * @param bytesThere of the broken file
 * @param bytesUsed of them, for what is in the repaired file
 * @param template name of the recording whose index served as a pattern; null where none was needed
 * @param note why not more was had, for people; null for nothing to say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RepairReport(
    String container,
    Method method,
    List<Track> tracks,
    double seconds,
    long bytesThere,
    long bytesUsed,
    String template,
    String note) {

  /** How. */
  public enum Method {
    /** The streams were copied into a new container. */
    REMUX,
    /** The index was made anew by the pattern of another recording of the same encoder. */
    REBUILD,
    /** Nothing playable could be made. */
    NONE
  }

  /**
   * @param type video or audio
   * @param codec ffmpeg's name of it
   * @param packets pictures of video, frames of sound
   */
  public record Track(String type, String codec, long packets) {}

  public RepairReport {
    tracks = List.copyOf(tracks);
  }

  static RepairReport none(String container, long bytesThere, String why) {
    return new RepairReport(container, Method.NONE, List.of(), 0, bytesThere, 0, null, why);
  }

  /** In one line, for logs, stories and metadata. */
  public String text() {
    if (method == Method.NONE) {
      return container + ", not repaired: " + note;
    }
    String all =
        tracks.stream()
            .map(track -> track.packets() + " packets of " + track.codec() + " " + track.type())
            .collect(Collectors.joining(", "));
    String how = template == null ? "copied" : "index rebuilt by the pattern of " + template;
    return String.format(
        Locale.ROOT, "%s, %.1f s: %s; %s, %d of %d bytes used%s",
        container, seconds, all, how, bytesUsed, bytesThere, note == null ? "" : "; " + note);
  }
}
