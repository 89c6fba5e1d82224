package org.reelway.conference.mixer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.media.tracks.Track;

/**
 * Who is seen where, and heard when. Pure.
 *
 * @param scenes one after the other from the first frame on, without gaps; empty for a mix without video
 * @param sounds empty for a mix without audio
 * @param durationMicros of the mix
 */
record MixPlan(MixSettings settings, List<Scene> scenes, List<MixInput> sounds, long durationMicros) {
  /** Each tile of each scene is a few filters; ffmpeg looks at all of them again and again. */
  private static final int MOST_TILES = 2000;

  private static final int MOST_SOUNDS = 500;
  private static final long MICROS = 1_000_000;

  /**
   * @param file for messages
   * @throws InputFailure there is nothing to mix, or more than one run can take
   */
  static MixPlan of(Path file, List<Track> tracks, MixSettings settings) {
    List<MixInput> pictures = settings.hasVideo() ? MixInput.of(tracks, Track.Kind.VIDEO) : List.of();
    List<MixInput> sounds = settings.hasAudio() ? MixInput.of(tracks, Track.Kind.AUDIO) : List.of();
    long duration = Stream.concat(pictures.stream(), sounds.stream()).mapToLong(MixInput::endMicros).max().orElse(0);
    List<Scene> scenes = pictures.isEmpty() ? List.of() : scenes(pictures, settings, duration);
    if (duration == 0 || scenes.isEmpty() && sounds.isEmpty()) {
      throw new InputFailure(
          file + " has nothing to mix: of " + tracks.size() + " tracks none has media that is wanted (hasVideo="
              + settings.hasVideo() + ", hasAudio=" + settings.hasAudio() + ")");
    }
    int tiles = scenes.stream().mapToInt(scene -> scene.tiles().size()).sum();
    if (tiles > MOST_TILES || sounds.size() > MOST_SOUNDS) {
      throw new InputFailure(
          file + " has too many comings and goings for one mix: " + tiles + " tiles in " + scenes.size() + " scenes and "
              + sounds.size() + " inputs of sound, where " + MOST_TILES + " and " + MOST_SOUNDS
              + " are possible; record shorter conferences, or set hasVideo to false");
    }
    return new MixPlan(settings, scenes, sounds, duration);
  }

  private static List<Scene> scenes(List<MixInput> pictures, MixSettings settings, long duration) {
    Map<String, Long> firstSeen = new HashMap<>();
    pictures.forEach(input -> firstSeen.merge(input.who(), input.startMicros(), Math::min));
    List<MixInput> inOrder =
        pictures.stream()
            .sorted(
                Comparator.comparing((MixInput input) -> firstSeen.get(input.who()))
                    .thenComparing(MixInput::who)
                    .thenComparing(MixInput::startMicros)
                    .thenComparing(MixInput::index))
            .toList();
    TreeSet<Long> changes = new TreeSet<>(List.of(0L, Math.max(1, frame(duration, settings))));
    inOrder.forEach(input -> changes.addAll(List.of(frame(input.startMicros(), settings), frame(input.endMicros(), settings))));
    Tiles tiles = new Tiles(settings.layout(), settings.width(), settings.height());
    List<Scene> scenes = new ArrayList<>();
    for (long start = changes.pollFirst(); !changes.isEmpty(); start = changes.pollFirst()) {
      long from = start;
      List<MixInput> on =
          inOrder.stream()
              .filter(input -> frame(input.startMicros(), settings) <= from && from < frame(input.endMicros(), settings))
              .toList();
      scenes.add(new Scene(from, changes.first(), tiles.of(on)));
    }
    return scenes;
  }

  private static long frame(long micros, MixSettings settings) {
    return Math.round((double) micros * settings.fps() / MICROS);
  }

  long startFrame(MixInput input) {
    return frame(input.startMicros(), settings);
  }

  long frames(MixInput input) {
    return frame(input.endMicros(), settings) - startFrame(input);
  }

  /** Those that are seen, each once, in the order of the scenes. */
  List<MixInput> pictures() {
    return scenes.stream().flatMap(scene -> scene.tiles().stream()).map(Tile::input).distinct().toList();
  }
}
