package org.reelway.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FolderFiles;
import org.reelway.recording.FolderWatch;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.SteadyClock;
import org.reelway.recording.WatchMode;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RetentionSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import org.reelway.state.StateDatabase;
import org.reelway.transfer.ProbeReport.Outcome;
import org.reelway.transfer.ProbeReport.Step;

/** Tries folders by doing: a file of no bytes is made in each that is to be written, and removed again. */
final class FolderTrial {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final FolderFiles.Listener NOBODY =
      new FolderFiles.Listener() {
        @Override
        public void looked(List<Path> files) {}

        @Override
        public void created(Path file) {}
      };

  private final Settings settings;
  private final Path state;

  FolderTrial(Settings settings) {
    this.settings = settings;
    this.state = settings.get(StateSettings.FOLDER).toAbsolutePath();
  }

  /** One in which files are waited for. @param readOnly what follows where it cannot be written */
  Step watched(String what, Path path, String readOnly) {
    RecordingFolder folder = RecordingFolder.of(path, state.resolve("markers"));
    Optional<String> trouble = folder.trouble();
    if (trouble.isPresent()) {
      boolean blocked = RecordingFolder.fileInPlaceOf(folder.root()).isPresent();
      boolean made = settings.get(RecordingSettings.CREATE_FOLDERS) && !Files.exists(folder.root()) && !blocked;
      return made
          ? new Step(what, Outcome.LESS, folder + ": the folder is not there, and is made at start")
          : new Step(what, Outcome.FAILED, folder + ": " + trouble.get() + (blocked ? "; name a folder"
              : "; make it (or start with --create-folders), let Reelway's user read it, or correct what names it"));
    }
    List<String> good = new ArrayList<>(List.of("is there"));
    List<String> less = new ArrayList<>();
    cannotWrite(folder.root()).ifPresentOrElse(
        why -> less.add("cannot be written (" + why + "): " + readOnly), () -> good.add("can be written"));
    WatchMode mode = mode(folder);
    (mode.kind() == WatchMode.Kind.EVENTS ? good : less).add("watched by " + mode);
    space(folder.root()).ifPresent(less::add);
    return step(what, folder.root(), good, less);
  }

  /** One that Reelway makes when it first needs it. */
  Step written(String what, Path path) {
    Path folder = path.toAbsolutePath().normalize();
    Optional<String> trouble = Files.isDirectory(folder) ? cannotWrite(folder) : cannotMake(folder);
    List<String> good = List.of(Files.isDirectory(folder) ? "can be written" : "is made when it is needed");
    return trouble
        .map(why -> new Step(what, Outcome.FAILED, folder + " " + why + "; let Reelway's user write it, or name another"))
        .orElseGet(() -> step(what, folder, good, space(folder).stream().toList()));
  }

  /** The state folder, with the database in it where there is one. */
  Step state() {
    Step folder = written(StateSettings.FOLDER.key(), state);
    try {
      StateDatabase.openToRead(settings).ifPresent(StateDatabase::close);
      return settings.isSet(StateSettings.URL) && folder.outcome() == Outcome.OK
          ? new Step(folder.what(), Outcome.OK, folder.found() + "; the database of " + StateSettings.URL + " answers")
          : folder;
    } catch (OurFailure | InputFailure e) {
      return new Step(folder.what(), Outcome.FAILED, e.getMessage());
    }
  }

  private static Step step(String what, Path folder, List<String> good, List<String> less) {
    List<String> all = new ArrayList<>(good);
    all.addAll(less);
    return new Step(what, less.isEmpty() ? Outcome.OK : Outcome.LESS, folder + " " + String.join(", ", all));
  }

  private static Optional<String> cannotWrite(Path folder) {
    // Named as all temporary files of Reelway are: should it stay, a sidecar removes it.
    Path file = folder.resolve("." + UUID.randomUUID() + ".reelway.tmp");
    try {
      Files.createFile(file);
      Files.delete(file);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getClass().getSimpleName().replace("Exception", ""));
    }
  }

  private static Optional<String> cannotMake(Path folder) {
    Optional<Path> file = RecordingFolder.fileInPlaceOf(folder);
    if (file.isPresent()) {
      return Optional.of("cannot be a folder: " + file.get() + " is a file");
    }
    Path there = folder;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    return Files.isWritable(there) && Files.isExecutable(there)
        ? Optional.empty()
        : Optional.of("cannot be made: " + there + " cannot be written");
  }

  private Optional<String> space(Path folder) {
    long free = folder.toFile().getUsableSpace();
    boolean low = Files.exists(folder)
        && settings.get(RetentionSettings.CRITICAL).isUndercut(free, folder.toFile().getTotalSpace());
    return low ? Optional.of("its disk is nearly full (" + (free >> 20) + " MiB free)") : Optional.empty();
  }

  /** As a sidecar would watch it. */
  private static WatchMode mode(RecordingFolder folder) {
    FolderFiles files = new FolderFiles(folder, name -> false, NOBODY, new SteadyClock());
    try (FolderWatch watch = FolderWatch.start(files)) {
      return watch.awaitMode(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OurFailure("the check was interrupted", e);
    }
  }
}
