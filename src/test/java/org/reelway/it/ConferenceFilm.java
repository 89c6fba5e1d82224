package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.reelway.media.tracks.Track;
import org.reelway.testkit.MixedFilm;

/** The mix of a {@link org.reelway.testkit.Conference}, frame by frame and sample by sample. */
final class ConferenceFilm {
  private static final double IN_STEP = 0.040;
  /** Each stream has its own way through the server, and its own moment at which it was joined. */
  private static final double TOGETHER = 0.100;
  private static final double LONG_ENOUGH = 1.6;
  /** A name that nginx-rtmp's page of statistics cannot show. */
  static final String EYE = "Größe 日本";
  private static final Map<String, String> COLOURS = Map.of("left", "red", "right", "blue", EYE, "yellow");
  private static final Map<String, Integer> TONES = Map.of("left", 500, "right", 1000, "ear", 2000);

  private final List<Track> tracks;
  private final MixedFilm film;

  ConferenceFilm(List<Track> tracks, MixedFilm film) {
    this.tracks = tracks;
    this.film = film;
  }

  /** Between two comings or goings. */
  private record Scene(double from, double until, List<String> seen, List<String> heard) {}

  private static double start(Track track) {
    return track.edits().get(track.edits().size() - 1).startMicros() / 1e6;
  }

  private static double end(Track track) {
    return track.durationMillis() / 1e3;
  }

  private List<Scene> scenes() {
    TreeSet<Double> changes = new TreeSet<>();
    tracks.forEach(track -> changes.addAll(List.of(start(track), end(track))));
    List<Scene> scenes = new ArrayList<>();
    for (Double from = changes.first(); changes.higher(from) != null; from = changes.higher(from)) {
      double until = changes.higher(from);
      if (until - from > LONG_ENOUGH) {
        scenes.add(new Scene(from, until, on(Track.Kind.VIDEO, from, until), on(Track.Kind.AUDIO, from, until)));
      }
    }
    return scenes;
  }

  /** In the order in which they came first. */
  private List<String> on(Track.Kind kind, double from, double until) {
    List<String> order =
        tracks.stream().filter(track -> track.kind() == kind).sorted(Comparator.comparingDouble(ConferenceFilm::start))
            .map(track -> track.metadata().streamName()).distinct().toList();
    return order.stream()
        .filter(name -> tracks.stream().anyMatch(track -> track.kind() == kind && start(track) <= from
            && until <= end(track) && track.metadata().streamName().equals(name)))
        .toList();
  }

  void assertInStep() {
    List<Scene> scenes = scenes();
    assertThat(scenes.stream().map(scene -> scene.seen().size()).distinct()).as("streams come and go").contains(1, 3);
    scenes.forEach(this::assertInStep);
  }

  private void assertInStep(Scene scene) {
    double from = scene.from() + 0.1;
    List<Double> beats = new ArrayList<>();
    int columns = (int) Math.ceil(Math.sqrt(scene.seen().size()));
    int rows = (scene.seen().size() + columns - 1) / columns;
    for (int i = 0; i < columns * rows; i++) {
      double x = (i % columns + 0.5) / columns;
      double y = (i / columns + 0.5) / rows;
      if (i >= scene.seen().size()) {
        assertThat(film.colour(from, x, y)).as("the free place in %s", scene).isEqualTo("black");
        continue;
      }
      String name = scene.seen().get(i);
      double flash = film.nextFlash(from, x, y);
      assertThat(flash).as("%s in %s", name, scene).isLessThan(scene.until());
      assertThat(film.colour(flash + 0.4, x, y)).as("%s in %s", name, scene).isEqualTo(COLOURS.get(name));
      beats.add(flash);
      if (scene.heard().contains(name)) {
        double beep = film.nextBeep(from, TONES.get(name));
        assertThat(apart(flash, beep)).as("%s, seen at %s and heard at %s in %s", name, flash, beep, scene)
            .isCloseTo(0, within(IN_STEP));
      }
    }
    scene.heard().forEach(name -> beats.add(film.nextBeep(from, TONES.get(name))));
    beats.forEach(beat -> assertThat(apart(beat, beats.get(0))).as("all beats of %s: %s", scene, beats)
        .isCloseTo(0, within(TOGETHER)));
  }

  /** Beats are a second from each other. */
  private static double apart(double one, double other) {
    return one - other - Math.rint(one - other);
  }
}
