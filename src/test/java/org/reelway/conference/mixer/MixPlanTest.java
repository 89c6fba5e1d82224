package org.reelway.conference.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reelway.media.tracks.Track;
import org.reelway.media.tracks.TrackEdit;
import org.reelway.media.tracks.TrackMetadata;

class MixPlanTest {
  private static final long SECOND = 1_000_000;

  /** @param seconds on, off, on … */
  private static Track track(long id, String name, String session, int... seconds) {
    Stream<TrackEdit> edits =
        Stream.iterate(0, i -> i + 1 < seconds.length, i -> i + 2)
            .map(i -> new TrackEdit(seconds[i] * SECOND, seconds[i + 1] * SECOND, seconds[i] * SECOND));
    return new Track(
        Track.Kind.VIDEO, id, 90_000, new TrackMetadata(name, session), "avc1", 160, 90, 0, 0, edits.toList());
  }

  private static List<List<Integer>> order(Track... tracks) {
    return MixPlan.of(Path.of("a.mp4"), List.of(tracks), MixerFile.defaults()).scenes().stream()
        .map(scene -> scene.tiles().stream().map(tile -> tile.input().index()).toList()).toList();
  }

  @Test
  void tracksWithoutNamesKeepTheirPlaceAfterAPause() {
    assertThat(order(track(1, "", "", 0, 2, 4, 6), track(2, "", "", 1, 6)))
        .containsExactly(List.of(0), List.of(0, 1), List.of(1), List.of(0, 1));
  }

  @Test
  void aMediaSessionWithoutANameThatComesBackInATrackOfItsOwnTakesItsOldPlace() {
    assertThat(order(track(1, "", "s", 0, 2), track(2, "", "t", 1, 6), track(3, "", "s", 4, 6)))
        .containsExactly(List.of(0), List.of(0, 1), List.of(1), List.of(2, 1));
    assertThat(order(track(1, "Ann", "s", 0, 2), track(2, "Bob", "t", 1, 6), track(3, "Ann", "u", 4, 6)))
        .containsExactly(List.of(0), List.of(0, 1), List.of(1), List.of(2, 1));
  }
}
