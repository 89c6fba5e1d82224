package org.reelway.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reelway.app.check.RecordingRoutes;
import org.reelway.camel.CamelProperties;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;

/** Marks finished recordings from a command. Needs no running sidecar: a marker is a file. */
final class MarkedByCommand {
  private final Settings settings;

  MarkedByCommand(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param stream its name, or null
   * @throws InputFailure where the file is not there, or is in no folder that the settings or the routes name
   */
  MarkedRecording mark(Path file, String stream) {
    Located located = locate(file);
    return new Markers(state().resolve("set-aside"), Clock.systemUTC()).mark(located.folder(), located.file(), stream);
  }

  /** @throws InputFailure where {@link #mark} would refuse the file; nothing is written */
  void requireTaken(Path file) {
    locate(file);
  }

  private Path state() {
    return settings.get(StateSettings.FOLDER).toAbsolutePath();
  }

  private record Located(RecordingFolder folder, Path file) {}

  private Located locate(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Set<Path> known = new LinkedHashSet<>(settings.get(RecordingSettings.FOLDER));
    return locate(known, absolute)
        .or(
            () -> {
              known.addAll(ofRoutes());
              return locate(known, absolute);
            })
        .orElseThrow(() -> RecordingFolder.inNone(absolute, folders(known)));
  }

  private Optional<Located> locate(Set<Path> known, Path file) {
    return folders(known).stream()
        .flatMap(folder -> folder.locate(file).map(inside -> new Located(folder, inside)).stream())
        .findFirst();
  }

  private List<RecordingFolder> folders(Set<Path> known) {
    Map<Path, RecordingFolder> byRoot = new LinkedHashMap<>();
    for (Path path : known) {
      RecordingFolder folder = RecordingFolder.of(path, state().resolve("markers"));
      byRoot.putIfAbsent(folder.root(), folder);
    }
    return List.copyOf(byRoot.values());
  }

  /** Read only when they are needed: media servers wait for their hooks. */
  private List<Path> ofRoutes() {
    Path home = CommandLineProgram.home();
    return RecordingRoutes.folders(
        CamelProperties.routes(settings, home),
        CamelProperties.kamelets(settings, home),
        CamelProperties.placeholders(settings));
  }
}
