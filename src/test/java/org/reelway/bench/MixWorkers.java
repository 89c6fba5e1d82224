package org.reelway.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.testkit.Fleet;
import org.reelway.testkit.Fleet.Node;
import org.reelway.testkit.MultiTrackMp4;

/** A queue of mixes that one worker makes, and two; each mix has one processor. */
final class MixWorkers implements Section {
  private static final String NAME = "workers: a queue of mixes, two tracks of 1280x720 and sound";
  private static final int MIXES = 6;
  private static final int SECONDS = 20;

  private final Workload workload;
  private final Report report;

  MixWorkers(Workload workload, Report report) {
    this.workload = workload;
    this.report = report;
  }

  @Override
  public void measure() throws Exception {
    Path folder = workload.folder("workers");
    try (Fleet fleet = new Fleet(folder)) {
      Path media = new MultiTrackMp4()
          .take("left", "a1", 0, SECONDS, 1, 2).video("red", 1280, 720, 25).audio(440, 48_000, "mono").and()
          .take("right", "b1", 0, SECONDS, 1, 2).video("blue", 1280, 720, 25).audio(880, 48_000, "mono").and()
          .write(folder.resolve("media.mp4"));
      Node studio = fleet.node("studio", "ingest,callbacks,api");
      studio.start().ready();
      List<Node> workers = List.of(fleet.node("worker-1", "mixer"), fleet.node("worker-2", "mixer"));
      Path mixer = Files.writeString(
          folder.resolve("mixer.json"),
          "{\"callbackUrl\":\"" + fleet.backend.uri("/callback") + "\",\"minAvailableSpace\":\"1M\",\"multithreading\":false}");
      workers.forEach(worker -> worker.line.set("reelway.mixer.settings", mixer));
      double one = seconds(fleet, studio, media, workers.subList(0, 1), "one");
      double two = seconds(fleet, studio, media, workers, "two");
      row("one worker, " + MIXES + " mixes of " + SECONDS + " s", one, "");
      row("two workers, the same", two, Row.number("%.2f times as fast", one / two));
    } finally {
      workload.remove(folder);
    }
  }

  /** From the first order that is taken to the last mix that is in the store and told of. */
  private static double seconds(Fleet fleet, Node studio, Path media, List<Node> workers, String run) throws Exception {
    List<String> mixes = new ArrayList<>();
    for (int i = 0; i < MIXES; i++) {
      mixes.add(studio.recordConference(run + "/" + i + ".mp4", media));
    }
    fleet.await("all are ordered", () -> count(fleet, "ordered") == MIXES);
    workers.forEach(Node::start);
    workers.forEach(Node::ready);
    fleet.await("one is taken", () -> count(fleet, "ordered") < MIXES);
    long began = System.nanoTime();
    while (!mixes.stream().allMatch(fleet::isMixed)) {
      Thread.sleep(50);
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    for (Node worker : workers) {
      worker.child().terminate();
      worker.child().awaitExit();
    }
    return seconds;
  }

  private static long count(Fleet fleet, String state) {
    return Long.parseLong(
        fleet.database.query("SELECT COUNT(*) FROM " + Fleet.SCHEMA + ".mix_order WHERE state = '" + state + "'").get(0));
  }

  private void row(String what, double wall, String note) {
    report.add(new Row(NAME, what, "-", 0, new Cost(0, wall, 0), note));
  }
}
