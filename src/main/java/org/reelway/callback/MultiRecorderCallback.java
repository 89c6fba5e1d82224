package org.reelway.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.reelway.media.tracks.MovieTime;

/**
 * What WCS tells a backend once a recording of several streams is mixed ({@code callbackUrl} of
 * {@code offline_mixer.json}, WCS 5.2.1123). Its times are those of {@link MovieTime}.
 *
 * @param created of the multi-track file, to the second
 * @param file absolute path of the multi-track file
 * @param recorderUri such as {@code multi-recorder://test-record}
 * @param mixed what was mixed of it
 * @param step what is told: the same files are told of once at each step
 * @param additions what WCS does not tell; empty for nothing
 */
public record MultiRecorderCallback(
    Instant created, Duration duration, String file, String recorderUri, List<Mixed> mixed, Step step,
    Map<String, Object> additions) {
  /** What happened. WCS knows the first only. */
  public enum Step {
    MIXED,
    /** Both files are verified in the store. */
    UPLOADED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Name of the receiver. */
  public static final String RECEIVER = "multi-recorder";

  /** @param path absolute; @param created when it was made, to the second */
  public record Mixed(String path, Duration duration, Instant created) {
    private Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("path", path);
      json.put("durationInMs", duration.toMillis());
      json.put("creationModificationTime", MovieTime.of(created));
      return json;
    }
  }

  public MultiRecorderCallback {
    mixed = List.copyOf(mixed);
  }

  /** One for each step of a file and its mixes, those of one multi-recorder in their order. */
  Payload payload() {
    String mixes = mixed.stream().map(mix -> mix.path() + " " + mix.created()).collect(Collectors.joining(" "));
    return new Payload(
        String.join(" ", file, created.toString(), mixes, step.word()), "multi-recorder " + recorderUri, file, body());
  }

  /** Mind the casing: {@code InMS} outside, {@code InMs} inside. */
  private Map<String, Object> body() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("multiRecorderCreationModificationTime", MovieTime.of(created));
    json.put("multiRecorderDurationInMS", duration.toMillis());
    json.put("multiRecorderFilePath", file);
    json.put("recorderUri", recorderUri);
    json.put("mixerParams", mixed.stream().map(Mixed::json).toList());
    if (!additions.isEmpty()) {
      json.put("reelway", additions);
    }
    return json;
  }
}
