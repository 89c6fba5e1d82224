package org.reelway.app;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.reelway.failure.FileTree;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.media.repair.BrokenMedia;
import org.reelway.media.repair.MediaRepair;
import org.reelway.media.repair.Repaired;
import org.reelway.media.repair.RepairedName;
import org.reelway.media.repair.Templates;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.RepairSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reelway repair FILE}: what the sidecar does with a recording whose writer died, by hand. */
@Command(
    name = "repair",
    description = {
      "Makes a playable file of a recording whose writer died, and tells what was recovered.",
      "The broken file is only read. Nothing is sent, and nothing that is there is overwritten."
    },
    exitCodeList = {
      "0:repaired; what is in it is told",
      "1:nothing playable could be made of it, or the repair failed; why is told",
      "2:FILE or --out cannot be used, or FILE holds no media"
    })
final class RepairCommand extends SettingsCommand {
  private static final Duration DEADLINE = Duration.ofHours(4);

  @Parameters(paramLabel = "FILE", description = "The broken recording.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The repaired recording (default: its name with .recovered, in the working folder).")
  private Path out;

  @Option(
      names = "--like",
      paramLabel = "FILE",
      description = "A finished MP4 of the same encoder, for one without index (default: those beside FILE).")
  private Path like;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Settings settings = settings();
    if (!Files.isRegularFile(file)) {
      String why = Files.isDirectory(file) ? "is a folder" : Files.exists(file) ? "is no file" : "is not there";
      throw new InputFailure(file + " " + why + "; name the broken recording by its path");
    }
    BrokenMedia media =
        BrokenMedia.of(file)
            .orElseThrow(
                () -> new InputFailure(file + " holds no media that is known here (MP4, FLV, MPEG-TS, Matroska, WebM)"));
    Path target = target(settings, media);
    Path work = Files.createTempDirectory(target.toAbsolutePath().getParent(), ".reelway-repair");
    try {
      Repaired repaired = repair(settings).repair(file, media, work, templates(settings));
      if (repaired.file().isEmpty()) {
        err().println(repaired.report().text());
        return CommandLineProgram.FAILED;
      }
      place(repaired.file().get(), target);
      out().println(target);
      out().println(repaired.report().text());
      return 0;
    } finally {
      FileTree.delete(work);
    }
  }

  private Path target(Settings settings, BrokenMedia media) {
    String name = new RepairedName(settings.get(RepairSettings.SUFFIX)).of(file.getFileName().toString(), media.kind());
    Path target = out != null ? out : Path.of(name);
    if (Files.exists(target)) {
      throw new InputFailure(target + " is there already; name another file with --out");
    }
    if (!Files.isDirectory(target.toAbsolutePath().getParent())) {
      throw new InputFailure("the folder of " + target + " is not there; make it, or name another file with --out");
    }
    return target;
  }

  private List<Path> templates(Settings settings) throws IOException {
    if (like != null) {
      return List.of(like);
    }
    Path own = file.toRealPath().getParent();
    Path within =
        settings.get(RecordingSettings.FOLDER).stream()
            .map(folder -> RecordingFolder.of(folder, settings.get(StateSettings.FOLDER)).root())
            .filter(own::startsWith)
            .findFirst()
            .orElse(own);
    return new Templates().of(file.toRealPath(), within);
  }

  private static MediaRepair repair(Settings settings) {
    Path unpacked = settings.get(StateSettings.FOLDER).toAbsolutePath().resolve("ffmpeg");
    FfmpegPrograms programs = FfmpegPrograms.shipped(CommandLineProgram.home().resolve("ffmpeg"), unpacked);
    return new MediaRepair(new BackgroundFfmpeg(programs, DEADLINE));
  }

  private static void place(Path repaired, Path target) throws IOException {
    try {
      Files.move(repaired, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new OurFailure(target + " cannot be put in its place: " + e.getMessage(), e);
    }
  }
}
