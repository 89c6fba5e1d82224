package org.reelway.stream.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.transfer.flow.WatchedFolders;

/** A real recordings folder, and what was taken from it, as {@code name of stream}. */
final class TakenRecordings implements ServersThatRecord.Recordings {
  private final List<String> all = new CopyOnWriteArrayList<>();
  private final WatchedFolders folders = new WatchedFolders();
  private final Path root;

  TakenRecordings(Path folder) throws IOException {
    this.root = Files.createDirectories(folder).toRealPath();
    Clock clock = Clock.systemUTC();
    Path state = folder.resolveSibling(folder.getFileName() + "-state");
    folders.add(
        new FolderIntake(
            RecordingFolder.of(root, state.resolve("markers")), new Markers(state.resolve("set-aside"), clock),
            new MarkerQueue(clock), Set.of(), Duration.ZERO, id -> false,
            (recording, by, stream) -> all.add(recording.path() + " of " + stream), clock));
  }

  Path root() {
    return root;
  }

  /** In the order in which they were taken. */
  List<String> all() {
    return List.copyOf(all);
  }

  List<Path> files() {
    return all.stream().map(each -> root.resolve(each.substring(0, each.indexOf(" of ")))).toList();
  }

  @Override
  public void finished(Path file, String stream) {
    folders.markUnlessSent(file, stream, "recorder");
  }

  @Override
  public void requireInside(Path file) {
    folders.requireInside(file);
  }
}
