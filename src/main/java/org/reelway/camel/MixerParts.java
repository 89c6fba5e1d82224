package org.reelway.camel;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.reelway.callback.MixedRecording;
import org.reelway.config.MixerSettings;
import org.reelway.config.Settings;
import org.reelway.failure.InputFailure;
import org.reelway.failure.OurFailure;
import org.reelway.flow.WatchedFolders;
import org.reelway.mixer.MixJob;
import org.reelway.mixer.MixJobs;
import org.reelway.mixer.MixSettings;
import org.reelway.mixer.Mixed;
import org.reelway.mixer.MixerFile;
import org.reelway.multirecorder.MultiRecorders;
import org.reelway.tracks.MovieTracks;
import org.reelway.tracks.Track;
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

  private MixerParts(
      Settings settings, Path state, CallbackParts callbacks, WatchedFolders folders, MeterRegistry metrics, Clock clock) {
    this.settings = settings;
    this.callbacks = callbacks;
    this.folders = folders;
    this.jobs =
        new MixJobs(
            MultiRecorderParts.hidden(settings).resolve(MIXES), this::mixSettings, () -> RepairParts.programs(state),
            settings.get(MixerSettings.AT_ONCE), this::mixed, clock);
    this.view = MixesView.show(jobs, metrics);
    callbacks.tellMultiRecorders(this::callbackUrl);
  }

  /** @param state folder of our own */
  static MixerParts make(
      Settings settings, Path state, CallbackParts callbacks, WatchedFolders folders, MeterRegistry metrics, Clock clock) {
    return new MixerParts(settings, state, callbacks, folders, metrics, clock);
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
    jobs.begin();
  }

  /** A multi-recording is whole: mixed where that is wanted. Before its marker is written, for then it may go. */
  void recorded(MultiRecorders.Finished finished) {
    if (settings.get(MixerSettings.EVERY_RECORDING)) {
      jobs.add(finished.file(), finished.uri(), finished.began(), length(finished.file()));
    }
  }

  /** Of the longest track; zero where the file does not tell. */
  static Duration length(Path file) {
    try {
      List<Track> tracks = MovieTracks.of(file);
      return Duration.ofMillis(tracks.stream().mapToLong(Track::durationMillis).max().orElse(0));
    } catch (IOException | InputFailure e) {
      LOG.warn("how long {} is cannot be told: {}", file, e.getMessage());
      return Duration.ZERO;
    }
  }

  private void mixed(MixJob job, Mixed mixed) {
    if (Files.notExists(mixed.file())) {
      // This came before, and a kill after it: the mix was told of, marked, and is sent by now.
      return;
    }
    if (callbackUrl().isPresent()) {
      callbacks.multiRecorders().mixed(told(job, mixed));
    }
    folders.mark(mixed.file(), job.recorderUri(), "mixer");
  }

  private static MixedRecording told(MixJob job, Mixed mixed) {
    try {
      return MixedRecording.of(
          job.recording(), job.held(), job.identity(), job.recorderUri(), job.created(), job.length(), mixed);
    } catch (IOException e) {
      throw new OurFailure(mixed.file() + " cannot be read: " + e, e);
    }
  }

  /** What somebody is to be told of is looked for. */
  void tend() {
    callbacks.multiRecorders().look();
  }

  List<MixedRecording> awaitingUpload() {
    return callbacks.multiRecorders().awaitingUpload();
  }

  /** By request: a recording that lies in a recordings folder. */
  String add(Path file, String recorderUri, Instant created, Duration length) {
    if (!Files.isRegularFile(file)) {
      throw new ApiAnswer.NotFound(file + " is no file; name a recording by its whole path");
    }
    folders.requireInside(file);
    try {
      Instant began = created == null ? Files.getLastModifiedTime(file).toInstant() : created;
      return jobs.add(file, recorderUri, began, length.isZero() ? length(file) : length);
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e, e);
    }
  }

  MixJobs jobs() {
    return jobs;
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
