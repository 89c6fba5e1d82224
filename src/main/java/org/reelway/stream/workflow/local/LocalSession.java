package org.reelway.stream.workflow.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.reelway.failure.InputFailure;
import org.reelway.stream.recorder.MediaRoom;
import org.reelway.stream.workflow.StreamFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that takes media, or is being closed. What there was when Reelway was killed is gone on with: playlists are read,
 * and segments that were cut and not taken yet are taken first. Safe for several threads.
 */
final class LocalSession {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

  private final String stream;
  private final Path runs;
  private final Sources sources;
  private final Executor executor;
  private final Consumer<String> wake;
  private final Packager packager;
  private final Failover failover;
  private final ViewerOutput viewer;
  private final ArchiveOutput archive;
  private final ArchiveOutput.Lengths lengths;
  /** Kinds of segments the last of which is lost. */
  private final Set<String> lost = ConcurrentHashMap.newKeySet();
  private volatile List<Sources.Source> open = List.of();
  private volatile Phase phase = Phase.NEW;
  private volatile String trouble = "";
  private volatile String viewerTrouble = "";

  private enum Phase {
    /** What was left is not taken yet. */
    NEW,
    WORKING,
    /** It takes media, or may. */
    READY,
    ENDED
  }

  /** What a session is made of. */
  record Parts(
      String stream, String name, Path runs, Sources sources, ViewerOutput viewer, ArchiveOutput archive,
      ArchiveOutput.Lengths lengths, PackagerMaker packager, MediaRoom room) {}

  /** Makes the packager whose segments are taken so. */
  @FunctionalInterface
  interface PackagerMaker {
    Packager make(Packager.Segments segments);
  }

  /** @param wake takes the stream's id when something has come about */
  LocalSession(Parts parts, Executor executor, Consumer<String> wake) {
    this.stream = parts.stream();
    this.runs = parts.runs();
    this.sources = parts.sources();
    this.executor = executor;
    this.wake = wake;
    this.viewer = parts.viewer();
    this.archive = parts.archive();
    this.lengths = parts.lengths();
    this.packager = parts.packager().make(new Packager.Segments() {
      @Override
      public void closed(Path file, double seconds) throws IOException {
        LocalSession.this.closed(file, seconds);
      }

      @Override
      public void left() throws IOException {
        recover();
      }
    });
    this.failover = new Failover(parts.name(), packager, parts.room());
  }

  private void closed(Path file, double seconds) throws IOException {
    take(file, seconds, Instant.now().minusNanos((long) (seconds * 1e9)));
    failover.wentWell();
  }

  private void take(Path file, double seconds, Instant at) throws IOException {
    String name = file.getFileName().toString();
    String kind = name.substring(0, 1);
    if (Files.size(file) == 0) {
      // The disk was full.
      LOG.warn("stream {}: a segment of {} s is lost: its file is empty", stream, seconds);
      Files.delete(file);
      lost.add(kind);
      return;
    }
    boolean newRun = lost.remove(kind) | Integer.parseInt(name.substring(1, name.indexOf('.'))) == 0;
    if (name.startsWith(Packager.VIEWER)) {
      viewer.add(file, seconds, at, newRun);
    } else {
      archive.add(file, seconds, at, newRun);
    }
  }

  private void work(String what, Work work, Phase after) {
    Phase before = phase;
    phase = Phase.WORKING;
    executor.execute(() -> {
      try {
        work.run();
        trouble = "";
        phase = after;
      } catch (IOException | RuntimeException e) {
        String why = what + ": " + e.getMessage();
        if (!why.equals(trouble)) {
          LOG.error("stream {}: {}: {}", stream, what, e.toString(), e);
        }
        trouble = why;
        phase = before;
      }
      wake.accept(stream);
    });
  }

  /** Something that takes its time. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  /**
   * Takes media from now on, or soon.
   *
   * @return whether it does
   */
  boolean open(StreamFacts facts) {
    if (recovered() && open.isEmpty()) {
      open = sources.open(facts, failover.ingests());
    }
    return !open.isEmpty();
  }

  private boolean recovered() {
    if (phase == Phase.NEW) {
      work("what was cut before the restart cannot be taken", this::recover, Phase.READY);
    }
    return phase == Phase.READY || phase == Phase.ENDED;
  }

  private void recover() throws IOException {
    for (Path run : sorted(runs)) {
      for (Path file : sorted(run)) {
        takeLeft(file);
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(run);
    }
  }

  private void takeLeft(Path file) throws IOException {
    double seconds;
    try {
      seconds = Files.size(file) == 0 ? 0 : lengths.seconds(file);
    } catch (InputFailure e) {
      LOG.warn("stream {}: what was being cut when that ended holds no media: {}", stream, e.getMessage());
      return;
    }
    if (seconds > 0) {
      take(file, seconds, Files.getLastModifiedTime(file).toInstant().minusMillis(Math.round(seconds * 1000)));
    }
  }

  private static List<Path> sorted(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.comparing(Path::getFileName)).toList();
    }
  }

  /** @param playlist at the public place; null for none */
  void makePublic(Path playlist) {
    try {
      viewer.makePublic(playlist);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes nothing any more, and publishes what there is to its end.
   *
   * @return whether all of it is in the store
   */
  boolean end() throws IOException {
    if (phase == Phase.READY) {
      work("it cannot be ended", () -> {
        stopMedia();
        viewer.end();
        archive.end();
      }, Phase.ENDED);
    }
    return recovered() && phase == Phase.ENDED && viewer.isPublished() && archive.isPublished();
  }

  private void stopMedia() {
    open.forEach(Sources.Source::close);
    failover.close();
  }

  /** The program ends; the session goes on after its next start. */
  void suspend() {
    stopMedia();
  }

  /** Now and then; waits for nothing. */
  void watch() {
    packager.watch();
  }

  /** Now and then; may wait for ffmpeg. */
  void tick() {
    failover.tick();
  }

  /** Now and then; may wait for the store. */
  void publish() {
    try {
      viewer.tick();
      viewerTrouble = "";
    } catch (UncheckedIOException e) {
      viewerTrouble = "the start-over playlist cannot be written: " + e.getCause().getMessage();
    }
  }

  void wakeSources() {
    open.forEach(Sources.Source::wake);
  }

  /** What is wrong; empty where nothing is, or nobody publishes. */
  String trouble() {
    return Stream.concat(Stream.of(trouble, viewerTrouble, failover.trouble()), open.stream().map(Sources.Source::trouble))
        .filter(text -> !text.isEmpty()).findFirst().orElse("");
  }

  boolean isOn() {
    return failover.isOn();
  }

  ViewerOutput viewer() {
    return viewer;
  }
}
