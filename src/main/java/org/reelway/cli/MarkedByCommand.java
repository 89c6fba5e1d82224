package org.reelway.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.reelway.config.RecordingSettings;
import org.reelway.config.Settings;
import org.reelway.config.StateSettings;
import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;

/** Marks finished recordings from a command. Needs no running sidecar: a marker is a file. */
final class MarkedByCommand {
  private final Settings settings;

  MarkedByCommand(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param stream its name, or null
   * @throws InputFailure where the file is not there
   */
  MarkedRecording mark(Path file, String stream) {
    Located located = located(file);
    return new Markers(state().resolve("set-aside"), Clock.systemUTC()).mark(located.folder(), located.inside(), stream);
  }

  /** @throws InputFailure where {@link #mark} would refuse it */
  void requireTaken(Path file) {
    located(file);
  }

  private record Located(RecordingFolder folder, Path inside) {}

  private Located located(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    RecordingFolder folder = folderOf(absolute, state().resolve("markers"));
    Path inside =
        folder
            .locate(absolute)
            .orElseThrow(() -> new InputFailure(absolute + " is not there; name the finished recording by its path"));
    return new Located(folder, inside);
  }

  private Path state() {
    return settings.get(StateSettings.FOLDER).toAbsolutePath();
  }

  /** A folder that only a route of the operator's names is not in the settings: then the file's own folder serves. */
  private RecordingFolder folderOf(Path file, Path markers) {
    Optional<RecordingFolder> configured =
        settings.get(RecordingSettings.FOLDER).stream()
            .map(path -> RecordingFolder.of(path, markers))
            .filter(folder -> folder.locate(file).isPresent())
            .findFirst();
    if (configured.isPresent()) {
      return configured.get();
    }
    if (file.getParent() == null || !Files.isDirectory(file.getParent())) {
      throw new InputFailure(file + " is not there; name the finished recording by its path");
    }
    return RecordingFolder.of(file.getParent(), markers);
  }
}
