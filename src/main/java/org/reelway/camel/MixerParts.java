package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.reelway.callback.MixedRecording;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.Mixed;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.failure.InputFailure;
import org.reelway.failure.NotFound;
import org.reelway.failure.OurFailure;
import org.reelway.settings.MixerSettings;
import org.reelway.settings.Settings;
import org.reelway.transfer.flow.WatchedFolders;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mixing jobs, as settings, metrics, the API, multi-recordings and callbacks see them. */
public final class MixerParts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MixerParts.class);
  private static final String MIXES = "mixes";

  private final Settings settings;
  private final MixJobs jobs;
  private final MixesView view;
  private final CallbackParts callbacks;
  private final WatchedFolders folders;
  private final ConferenceSteps steps;

  private MixerParts(
      Settings settings, Path state, CallbackParts callbacks, WatchedFolders folders, MeterRegistry metrics) {
    this.settings = settings;
    this.callbacks = callbacks;
    this.folders = folders;
    this.steps = new ConferenceSteps(callbacks.multiRecorders(), () -> callbackUrl().isPresent(), this::mix);
    this.jobs =
        new MixJobs(
            folder(settings), this::mixSettings, () -> RepairParts.programs(state), settings.get(MixerSettings.AT_ONCE),
            this::mixed);
    this.view = MixesView.show(jobs, metrics);
    callbacks.tellMultiRecorders(this::callbackUrl);
  }

  /** @param state folder of our own */
  static MixerParts make(
      Settings settings, Path state, CallbackParts callbacks, WatchedFolders folders, MeterRegistry metrics) {
    return new MixerParts(settings, state, callbacks, folders, metrics);
  }

  /** Where jobs are, of this program and of others that leave some ({@link MixJobs#leave}). */
  public static Path folder(Settings settings) {
    return MultiRecorderParts.hidden(settings).resolve(MIXES);
  }

  private MixSettings mixSettings() {
    return MixerFile.inUse(settings.get(MixerSettings.SETTINGS), Path.of(System.getProperty("reelway.home", ".")));
  }

  private Optional<URI> callbackUrl() {
    String url = mixSettings().callbackUrl();
    return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
  }

  /** Takes up what a Reelway before this one left; folders are watched by now. */
  void begin() {
    settingsTrouble().ifPresent(trouble -> LOG.error("no recording is mixed until that is mended: {}", trouble));
    jobs.begin();
  }

  /** What is wrong with the mixer's settings. */
  private Optional<String> settingsTrouble() {
    try {
      mixSettings();
      return Optional.empty();
    } catch (InputFailure e) {
      return Optional.of(e.getMessage());
    }
  }

  /** As a step of a route: in its turn, and once however often it is said. */
  private void mix(Path file, String recorderUri) {
    try {
      if (Files.exists(file)) {
        folders.requireInside(file);
        jobs.addOnce(MixOrder.of(file, recorderUri, Optional.empty(), Optional.empty()));
      }
    } catch (InputFailure e) {
      LOG.error("the recording {} is sent, and not mixed: {}", file, e.getMessage());
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e, e);
    }
  }

  private void mixed(MixJob job, Mixed mixed) {
    steps.mixed(
        MixedRecording.of(
            job.recording(), job.held(), job.identity(), job.recorderUri(), job.created(), job.length(), mixed));
  }

  ConferenceSteps steps() {
    return steps;
  }

  List<MixedRecording> awaitingUpload() {
    return callbacks.multiRecorders().awaitingUpload();
  }

  /** By request: a recording that lies in a recordings folder. */
  String add(Path file, String recorderUri, Optional<Instant> created, Optional<Duration> length) {
    if (!Files.isRegularFile(file)) {
      throw new NotFound(file + " is no file; name a recording by its whole path");
    }
    folders.requireInside(file);
    try {
      return jobs.add(MixOrder.of(file, recorderUri, created, length));
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e, e);
    }
  }

  MixJobs jobs() {
    return jobs;
  }

  MixesHealth health() {
    return new MixesHealth(jobs, this::settingsTrouble);
  }

  MixesApi api() {
    return new MixesApi(this);
  }

  @Override
  public void close() {
    view.close();
    jobs.close();
  }
}
