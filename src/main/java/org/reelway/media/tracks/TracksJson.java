package org.reelway.media.tracks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Tracks as Flashphoner's {@code offline_mixer_tool.sh --show-tracks-info} tells them: the same members in the order of
 * its documentation (docs.flashphoner.com, "Getting tracks information from multiple recording file"), and every value a
 * string. Written by hand, for it is small, and to load a library of JSON takes longer than all the rest.
 */
public final class TracksJson {
  private static final String INDENT = "  ";

  private TracksJson() {}

  /** A JSON array of several lines; no line break at its end. */
  public static String of(List<Track> tracks) {
    return array(tracks.stream().map(TracksJson::track).toList(), "");
  }

  private static String track(Track track) {
    boolean video = track.kind() == Track.Kind.VIDEO;
    List<String> members = new ArrayList<>();
    members.add(member("durationInMS", track.durationMillis()));
    String indent = INDENT.repeat(2);
    members.add("\"trackEdits\": " + array(track.edits().stream().map(TracksJson::edit).toList(), indent));
    if (!video) {
      members.add(member("channels", track.channels()));
    }
    members.add(member("trackType", track.kind()));
    members.add(member("trackId", track.id()));
    if (video) {
      members.add(member("width", track.width()));
    }
    members.add(member("timescale", track.timescale()));
    members.add(member("streamName", track.metadata().streamName()));
    members.add(member("trackCodec", track.codec()));
    if (!video) {
      members.add(member("sampleRate", track.sampleRate()));
    }
    members.add(member("mediaSessionId", track.metadata().mediaSessionId()));
    if (video) {
      members.add(member("height", track.height()));
    }
    return object(members, INDENT);
  }

  private static String edit(TrackEdit edit) {
    return object(
        List.of(
            member("endInMs", edit.endMillis()),
            member("type", edit.isMedia() ? "media" : "pause"),
            member("startInMs", edit.startMillis())),
        INDENT.repeat(3));
  }

  private static String array(List<String> values, String indent) {
    return values.isEmpty()
        ? "[]"
        : values.stream()
            .map(value -> indent + INDENT + value)
            .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
  }

  private static String object(List<String> members, String indent) {
    return members.stream()
        .map(each -> indent + INDENT + each)
        .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
  }

  private static String member(String name, Object value) {
    return '"' + name + "\": \"" + escaped(value.toString()) + '"';
  }

  /** Control characters, and marks that turn the direction of what follows, as numbers. */
  private static String escaped(String text) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '"' || letter == '\\') {
        all.append('\\').append(letter);
      } else if (letter < ' ' || letter == 0x7f || Character.getType(letter) == Character.FORMAT) {
        all.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
      } else {
        all.append(letter);
      }
    }
    return all.toString();
  }
}
