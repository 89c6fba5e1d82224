package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.KillGate.At;
import org.reelway.testkit.KillGate.Edge;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.StoreRequest.Operation;

/**
 * kill -9 at every edge between two states of a recording (P1, P2, P3, P6). {@code -Dreelway.seed=N} repeats the random
 * part, {@code -Dreelway.kills=200} makes it long.
 */
@Tag("campaign")
class KillEverywhereIT {
  @TempDir Path folder;

  /** A recording for each edge, named after it, so that one kill is all of these kills. */
  private static final List<Edge> FIRST =
      List.of(
          Edge.of("create-lost.mp4", Operation.CREATE, At.LOST),
          Edge.of("create-answered.mp4", Operation.CREATE, At.ANSWERED),
          new Edge("part-lost.mp4", Operation.PART, 1, 1, At.LOST),
          new Edge("part-late.mp4", Operation.PART, 2, 1, At.LATE),
          new Edge("part-answered.mp4", Operation.PART, 3, 1, At.ANSWERED),
          Edge.of("complete-lost.mp4", Operation.COMPLETE, At.LOST),
          Edge.of("complete-late.mp4", Operation.COMPLETE, At.LATE),
          Edge.of("complete-answered.mp4", Operation.COMPLETE, At.ANSWERED),
          new Edge("verify-lost.mp4", Operation.HEAD, 0, 2, At.LOST),
          new Edge("verify-answered.mp4", Operation.HEAD, 0, 2, At.ANSWERED),
          Edge.of("put/lost.mp4", Operation.PUT, At.LOST),
          Edge.of("put/late.mp4", Operation.PUT, At.LATE),
          Edge.of("put/answered.mp4", Operation.PUT, At.ANSWERED));

  /** Those that a resumed recording passes; the recordings without one here are verified, and killed before tidying. */
  private static final List<Edge> SECOND =
      List.of(
          Edge.of("create-lost.mp4", Operation.COMPLETE, At.ANSWERED),
          Edge.of("part-lost.mp4", Operation.LIST_PARTS, At.LOST),
          Edge.of("part-late.mp4", Operation.LIST_PARTS, At.ANSWERED),
          Edge.of("part-answered.mp4", Operation.COMPLETE, At.LATE),
          Edge.of("complete-lost.mp4", Operation.HEAD, At.ANSWERED),
          Edge.of("put/lost.mp4", Operation.PUT, At.ANSWERED));

  /** Deletion, which cannot be taken back; all of them with {@code -Dreelway.faults=long}. */
  static Stream<Tidy> tidying() {
    return "long".equals(System.getProperty("reelway.faults")) ? Stream.of(Tidy.values()) : Stream.of(Tidy.DELETE);
  }

  @ParameterizedTest
  @MethodSource("tidying")
  void aKillAtAnyEdgeLosesNothingAndRepeatsNothing(Tidy tidy) throws Exception {
    try (KilledSidecars all = new KilledSidecars(folder, tidy)) {
      for (Edge edge : FIRST) {
        all.add(edge.key(), edge.key().startsWith("put/") ? 1000 : KilledSidecars.TWO_PARTS_AND_A_BIT);
      }
      all.foreignUpload("part-lost.mp4");
      all.foreignUpload("elsewhere.mp4");

      killAt(all, all.sidecar("one"), FIRST, () -> true);
      assertThat(all.names()).allMatch(name -> Recordings.isMarked(all.file(name)));
      Map<String, Set<Integer>> stored = all.storedParts();
      assertThat(stored.get("part-answered.mp4")).contains(3);
      assertThat(stored.get("part-late.mp4")).contains(2);

      var beforeTidy = all.sidecar("one").set("reelway.routes.folder", routesThatRestBeforeTidying());
      killAt(all, beforeTidy, SECOND, () -> areVerified(all));
      all.assertOnlyMissingPartsCame(stored);
      assertThat(all.names()).allMatch(name -> Recordings.isMarked(all.file(name)) && Files.exists(all.file(name)));
      tidyAsAKilledSidecarDid(all, tidy);

      Map<String, Set<Integer>> left = all.storedParts();
      all.gate.hold(List.of());
      try (ChildReelway child = all.sidecar("one").startReady()) {
        child.await("all is done", all::allDone);
        child.await("all stories end", () ->
            child.http().get("/recordings").json().at("/counts/done").asInt() == all.names().size());
        assertThat(child.err()).doesNotContain("ERROR", "set aside");
      }
      all.assertOnlyMissingPartsCame(left);
      all.assertEachIsOneObject();
    }
  }

  private static void killAt(
      KilledSidecars all, ChildReelway.CommandLine sidecar, List<Edge> edges, BooleanSupplier andAlso)
      throws InterruptedException {
    all.gate.hold(edges);
    try (ChildReelway child = sidecar.start()) {
      child.await("all edges are reached", () -> all.gate.missing().isEmpty() && andAlso.getAsBoolean());
      child.kill();
    }
    all.gate.letGo();
    all.assertNothingIsLost();
  }

  /** By the AWS SDK: markers say so only of those that went in parts. */
  private static boolean areVerified(KilledSidecars all) {
    List<String> held = SECOND.stream().map(Edge::key).toList();
    return all.names().stream()
        .filter(name -> !held.contains(name))
        .allMatch(name ->
            all.store.has(name)
                && (name.startsWith("put/")
                    || Recordings.text(Recordings.marker(all.file(name))).contains("\"verified\"")));
  }

  /** The shipped routes with a long rest between verification and tidying. */
  private Path routesThatRestBeforeTidying() throws IOException {
    Path routes = Files.createDirectories(folder.resolve("routes"));
    try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
      for (Path route : shipped.filter(Files::isRegularFile).toList()) {
        Files.copy(route, routes.resolve(route.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path verified = routes.resolve("30-recordings-verified.camel.yaml");
    String text = Files.readString(verified);
    String rest = """
              steps:
                - delay:
                    id: rest
                    expression:
                      constant:
                        expression: "600000"
        """;
    Files.writeString(verified, text.replaceFirst("(?m)^      steps:\n", rest.indent(0)));
    assertThat(Files.readString(verified)).contains("600000");
    return routes;
  }

  /** The edge between tidying and the marker's removal: nothing but the file system knows of it. */
  private static void tidyAsAKilledSidecarDid(KilledSidecars all, Tidy tidy) throws IOException {
    Path file = all.file("complete-answered.mp4");
    if (tidy == Tidy.DELETE) {
      Files.delete(file);
    } else if (tidy == Tidy.MOVE) {
      Files.createDirectories(all.moved);
      Files.move(file, all.moved.resolve("complete-answered.mp4"));
    }
  }

  /** Moments that no edge names: within the probe, within a request, and around the deletion, as they come. */
  @Test
  void randomKillsLoseNothing() throws Exception {
    long seed = Long.getLong("reelway.seed", System.nanoTime());
    int kills = Integer.getInteger("reelway.kills", 2);
    System.out.println("random kills: -Dreelway.seed=" + seed + " -Dreelway.kills=" + kills);
    Random random = new Random(seed);
    List<String> hits = new ArrayList<>();
    try (KilledSidecars all = new KilledSidecars(folder, random.nextBoolean() ? Tidy.DELETE : Tidy.MOVE)) {
      all.foreignUpload("0-large.mp4");
      for (int kill = 0; kill < kills; kill++) {
        all.add(kill + "-small.mp4", random.nextInt(100_000));
        all.add(kill + "-empty.mp4", 0);
        all.add(kill + "-large.mp4", 5 * Recordings.MIB + 1 + random.nextInt(5 * Recordings.MIB));
        all.gate.hold(List.of());
        // The first kill is within the probe; every second one after that waits for a state of the files.
        int requests = 1 + random.nextInt(kill == 0 ? 20 : 25);
        boolean byFiles = kill % 2 == 1;
        try (ChildReelway child = all.sidecar("one").start()) {
          child.await("the moment of kill " + kill, () ->
              all.allDone() || (byFiles ? isBeingTidied(all) : all.gate.requests().size() >= requests));
          child.kill();
        }
        all.gate.letGo();
        hits.add((byFiles ? "files" : requests + " requests") + ": " + all.names().stream()
            .filter(name -> Recordings.isMarked(all.file(name))).count() + " left");
        all.assertNothingIsLost();
      }
      Map<String, Set<Integer>> stored = all.storedParts();
      all.gate.hold(List.of());
      try (ChildReelway child = all.sidecar("one").startReady()) {
        child.await("all is done", all::allDone);
        assertThat(child.err()).as("%s", hits).doesNotContain("ERROR", "set aside");
      }
      all.assertOnlyMissingPartsCame(stored);
      all.assertEachIsOneObject();
    }
  }

  /** Verified and not yet deleted, or deleted and still marked. */
  private static boolean isBeingTidied(KilledSidecars all) {
    return all.names().stream()
        .filter(name -> Recordings.isMarked(all.file(name)))
        .anyMatch(name -> !Files.exists(all.file(name)) || saysVerified(Recordings.marker(all.file(name))));
  }

  private static boolean saysVerified(Path marker) {
    try {
      return Files.readString(marker).contains("\"verified\"");
    } catch (IOException goneMeanwhile) {
      return false;
    }
  }
}
