package org.reelway.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.reelway.callback.MixedRecording;
import org.reelway.callback.MultiRecorderCallbacks;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixRun;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.MixStopped;
import org.reelway.conference.mixer.Mixed;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.failure.DaemonThreads;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.recording.FileIdentity;
import org.reelway.settings.MixerSettings;
import org.reelway.settings.Settings;
import org.reelway.settings.StateSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reelway mix FILE}: what Flashphoner's {@code offline_mixer_tool.sh} does. */
@Command(
    name = "mix",
    description = {
      "Makes one film of a recording of several streams: <name>_mixed.mp4 beside it.",
      "The recording is only read."
    },
    exitCodeList = {
      "0:mixed; the file is told",
      "1:ffmpeg failed, or a disk; why is told",
      "2:the command line or the mixer's settings are wrong, or FILE cannot be mixed",
      "64:FILE is not there",
      "65:the mixer's settings are not where --mixer or reelway.mixer.settings says",
      "69:mixed, but nobody will be told of it; why is told",
      "75:too little space is free (minAvailableSpace); what was written is playable",
      "130:interrupted; what was written is playable"
    })
final class MixCommand extends SettingsCommand {
  private static final int NO_CONFIG = 65;
  private static final int NOT_TOLD = 69;
  private static final int NO_ROOM = 75;
  private static final int INTERRUPTED = 130;
  private static final Duration LOOK = Duration.ofMillis(250);

  @Mixin private WcsArguments arguments;

  @Option(names = "--mixer", paramLabel = "FILE",
      description = "The mixer's settings (default: reelway.mixer.settings, or offline_mixer.json beside the program).")
  private Path config;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<String> missing = arguments.missing();
    if (missing.isPresent()) {
      return told(WcsArguments.NO_FILE, missing.get());
    }
    Settings settings = settings();
    Path named = config == null ? settings.get(MixerSettings.SETTINGS) : config;
    if (named != null && !Files.exists(named)) {
      return told(NO_CONFIG, named + " is not there; name the mixer's settings by their path");
    }
    MixSettings mixer = config == null ? usual(settings) : MixerFile.read(config);
    MixRun run = new MixRun(arguments.file(), mixer, arguments.created(), programs(settings));
    try {
      Mixed mixed = watched(run);
      out().println(mixed.file());
      boolean isToTell = !mixer.callbackUrl().isEmpty() && !arguments.recorderUri().isEmpty();
      return isToTell ? tell(mixed, mixer.callbackUrl(), settings) : 0;
    } catch (MixStopped e) {
      return told(e.reason() == MixStopped.Reason.NO_ROOM ? NO_ROOM : INTERRUPTED, e.getMessage());
    }
  }

  private int told(int exitCode, String message) {
    err().println("reelway: " + message);
    return exitCode;
  }

  /** Those of the sidecar. */
  private static MixSettings usual(Settings settings) {
    return MixerFile.inUse(settings.get(MixerSettings.SETTINGS), CommandLineProgram.home());
  }

  /** Left to the sidecar of these settings, which tells it now or when it runs: a backend that is away costs nothing then. */
  private int tell(Mixed mixed, String callbackUrl, Settings settings) {
    if (!usual(settings).callbackUrl().equals(callbackUrl)) {
      return told(
          NOT_TOLD,
          "the multiRecorderCallback of " + mixed.file() + " is not sent: " + config + " has another callbackUrl than the"
              + " mixer's settings of the sidecar, which sends it; set " + MixerSettings.SETTINGS + " to that file");
    }
    Path state = settings.get(StateSettings.FOLDER).toAbsolutePath();
    try {
      Path recording = arguments.file();
      MixOrder order =
          MixOrder.of(recording, arguments.recorderUri(), arguments.created(), arguments.length());
      MixedRecording made =
          MixedRecording.of(
              recording, recording, FileIdentity.of(recording.toRealPath()).text(), order.recorderUri(), order.created(),
              order.length(), mixed);
      MultiRecorderCallbacks.leave(made, state);
      return 0;
    } catch (IOException e) {
      return told(
          NOT_TOLD,
          "the multiRecorderCallback of " + mixed.file() + " is not sent, for it cannot be left to the sidecar in " + state
              + ": " + e + "; set reelway.state.folder as the sidecar has it, which must have run once, and run this as its"
              + " user");
    }
  }

  private static FfmpegPrograms programs(Settings settings) {
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
    MixScreen screen = new MixScreen(err(), Terminal.isWatched());
    Thread painter = DaemonThreads.of("progress", () -> paint(run, screen, over));
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
