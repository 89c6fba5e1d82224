package org.reelway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reelway.config.Settings;
import org.reelway.config.StateSettings;
import org.reelway.failure.InputFailure;
import org.reelway.ffmpeg.FfmpegPrograms;
import org.reelway.mixer.MixRun;
import org.reelway.mixer.MixSettings;
import org.reelway.mixer.MixStopped;
import org.reelway.mixer.Mixed;
import org.reelway.mixer.MixerFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reelway mix FILE}: what Flashphoner's {@code offline_mixer_tool.sh} does. */
@Command(
    name = "mix",
    description = {
      "Makes one film of a recording of several streams: <name>_mixed.mp4 beside it.",
      "The recording is only read."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:mixed; the file is told",
      "1:ffmpeg failed, or a disk; why is told",
      "2:the command line or the mixer's settings are wrong, or FILE cannot be mixed",
      "64:FILE is not there",
      "65:the mixer's settings are not where --mixer says",
      "75:too little space is free (minAvailableSpace); what was written is playable",
      "130:interrupted; what was written is playable"
    })
final class MixCommand implements Callable<Integer> {
  private static final int NO_FILE = 64;
  private static final int NO_CONFIG = 65;
  private static final int NO_ROOM = 75;
  private static final int INTERRUPTED = 130;
  private static final String CONFIG = "offline_mixer.json";
  private static final Duration LOOK = Duration.ofMillis(250);
  /** From 1904, as MP4 counts, to 1970. */
  private static final long EPOCH_1904 = 2_082_844_800L;

  @Mixin private SettingsOptions options;

  @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
  private Path file;

  @Parameters(index = "1", arity = "0..1", paramLabel = "creationTime",
      description = "When it was made, in seconds since 1904; becomes the mix's time of creation.")
  private Long creationTime;

  @Parameters(index = "2", arity = "0..1", paramLabel = "durationMs",
      description = "Taken, as Flashphoner's hook gives it; the recording itself is asked.")
  private Long durationMillis;

  @Parameters(index = "3", arity = "0..1", paramLabel = "recorderUri",
      description = "Taken, as Flashphoner's hook gives it; a mix made by hand calls nobody back.")
  private String recorderUri;

  @Option(names = "--mixer", paramLabel = "FILE",
      description = "The mixer's settings (default: " + CONFIG + " beside the program, or none).")
  private Path config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!Files.exists(file)) {
      return told(NO_FILE, file + " is not there; name a recording by its path");
    }
    if (!Files.isRegularFile(file)) {
      throw new InputFailure(file + " is not a regular file; name a recording by its path");
    }
    if (config != null && !Files.exists(config)) {
      return told(NO_CONFIG, config + " is not there; name the mixer's settings by their path");
    }
    MixRun run = new MixRun(file, mixSettings(), created(), programs());
    try {
      Mixed mixed = watched(run);
      spec.commandLine().getOut().println(mixed.file());
      return 0;
    } catch (MixStopped e) {
      return told(e.reason() == MixStopped.Reason.NO_ROOM ? NO_ROOM : INTERRUPTED, e.getMessage());
    }
  }

  private int told(int exitCode, String message) {
    spec.commandLine().getErr().println("reelway: " + message);
    return exitCode;
  }

  private MixSettings mixSettings() throws IOException {
    Path usual = CommandLineProgram.home().resolve(CONFIG);
    if (config != null) {
      return MixerFile.read(config);
    }
    return Files.exists(usual) ? MixerFile.read(usual) : MixerFile.defaults();
  }

  private Optional<Instant> created() {
    return Optional.ofNullable(creationTime).map(seconds -> Instant.ofEpochSecond(seconds - EPOCH_1904));
  }

  private FfmpegPrograms programs() {
    Settings settings = options.load(Set.of());
    Path unpacked = settings.get(StateSettings.FOLDER).toAbsolutePath().resolve("ffmpeg");
    return FfmpegPrograms.shipped(CommandLineProgram.home().resolve("ffmpeg"), unpacked);
  }

  /** Ctrl-C ends ffmpeg in order, so that what was written is whole, before this program ends. */
  private Mixed watched(MixRun run) throws IOException, InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    Thread stop = new Thread(() -> {
      run.cancel();
      try {
        over.await(10, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    Runtime.getRuntime().addShutdownHook(stop);
    MixScreen screen = new MixScreen(spec.commandLine().getErr(), Terminal.isWatched());
    Thread painter = new Thread(() -> paint(run, screen, over), "progress");
    painter.setDaemon(true);
    painter.start();
    try {
      return run.run();
    } finally {
      over.countDown();
      painter.join();
      try {
        Runtime.getRuntime().removeShutdownHook(stop);
      } catch (IllegalStateException endingAlready) {
        // That thread is the one that waits for us.
      }
    }
  }

  private static void paint(MixRun run, MixScreen screen, CountDownLatch over) {
    try {
      while (!over.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        screen.show(run.progress());
      }
      screen.end(run.progress());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
