package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.KillGate.At;
import org.reelway.testkit.KillGate.Edge;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreRequest.Operation;

/** Two sidecars on one folder, each with a state of its own. */
@Tag("campaign")
class TwoSidecarsIT {
  @TempDir Path folder;

  @Test
  void theyShareTheWorkAndOneTakesOverWhereTheOtherWasKilled() throws Exception {
    try (KilledSidecars all = new KilledSidecars(folder, Tidy.DELETE)) {
      all.add("held.mp4", KilledSidecars.TWO_PARTS_AND_A_BIT);
      all.gate.hold(List.of(new Edge("held.mp4", Operation.PART, 3, 1, At.ANSWERED)));
      try (ChildReelway first = all.sidecar("one").startReady()) {
        first.await("the first holds one", () -> all.gate.missing().isEmpty()
            && all.storedParts().get("held.mp4").equals(Set.of(1, 2, 3)));
        try (ChildReelway second = all.sidecar("two").startReady()) {
          for (int i = 0; i < 8; i++) {
            all.add("small-" + i + ".mp4", 10_000);
            all.add("large-" + i + ".mp4", 5 * Recordings.MIB + 1);
          }
          second.await("all others are done", () ->
              all.names().stream().filter(name -> Recordings.isMarked(all.file(name))).count() == 1);
          for (String name : all.names()) {
            assertThat(all.count(Operation.CREATE, name)).as(name).isEqualTo(name.startsWith("small") ? 0 : 1);
            assertThat(all.count(Operation.PUT, name)).as(name).isEqualTo(name.startsWith("small") ? 1 : 0);
          }

          first.kill();
          all.gate.letGo();
          second.await("the second takes over", all::allDone);

          assertThat(all.count(Operation.CREATE, "held.mp4")).isEqualTo(1);
          assertThat(all.count(Operation.PART, "held.mp4")).isEqualTo(3);
          assertThat(second.err()).doesNotContain("ERROR", "set aside", "WARN");
        }
        assertThat(first.err()).doesNotContain("ERROR", "set aside", "WARN");
      }
      all.assertEachIsOneObject();
    }
  }

  /** One of them, by chance, where the campaign is short; all where it is long ({@code -Dreelway.kills=}). */
  private static Stream<Arguments> ways() {
    List<Arguments> all =
        List.of(Arguments.of(true, Tidy.DELETE), Arguments.of(false, Tidy.DELETE), Arguments.of(false, Tidy.KEEP));
    return Integer.getInteger("reelway.kills") == null
        ? Stream.of(all.get(new Random().nextInt(all.size())))
        : all.stream();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void randomKillsOfOneAndOfBothLoseNothing(boolean claims, Tidy tidy) throws Exception {
    long seed = Long.getLong("reelway.seed", System.nanoTime());
    int kills = Math.max(2, Integer.getInteger("reelway.kills", 2));
    System.out.println("two sidecars, claims " + claims + ": -Dreelway.seed=" + seed + " -Dreelway.kills=" + kills);
    Random random = new Random(seed);
    try (KilledSidecars all = new KilledSidecars(folder, tidy)) {
      if (!claims) {
        all.withoutLocks();
      }
      all.foreignUpload("large-0.mp4");
      var one = all.sidecar("one");
      var two = all.sidecar("two");
      for (int kill = 0; kill < kills; kill++) {
        for (int i = 0; i < 3; i++) {
          all.add("small-" + i + "-" + kill + ".mp4", random.nextInt(50_000));
          all.add("large-" + i + "-" + kill + ".mp4", 5 * Recordings.MIB + 1 + random.nextInt(3 * Recordings.MIB));
        }
        all.gate.hold(List.of());
        int requests = 30 + random.nextInt(60);
        try (ChildReelway first = one.start(); ChildReelway second = two.start()) {
          second.await("the moment", () -> all.allDone() || all.gate.requests().size() >= requests);
          first.kill();
          all.assertNothingIsLost();
          if (kill % 2 == 1) {
            second.kill();
          } else {
            second.await("the other does the rest", all::allDone);
          }
        }
        all.gate.letGo();
        all.assertNothingIsLost();
      }
      try (ChildReelway first = one.startReady(); ChildReelway second = two.startReady()) {
        second.await("all is done", all::allDone);
        for (ChildReelway each : List.of(first, second)) {
          each.await("nothing is left to do", () -> hasNothingLeft(each));
          assertThat(each.err()).doesNotContain("ERROR", "set aside");
        }
      }
      all.assertEachIsOneObject();
    }
  }

  private static boolean hasNothingLeft(ChildReelway sidecar) {
    return sidecar.management().get("/observe/metrics").body().lines()
        .anyMatch(line -> line.startsWith("reelway_recordings_unsent 0"));
  }
}
