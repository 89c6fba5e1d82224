package org.reelway.camel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.reelway.callback.MixedRecording;
import org.reelway.callback.MultiRecorderCallback;
import org.reelway.camel.api.MixesApi;
import org.reelway.camel.jmx.MBeans;
import org.reelway.camel.jmx.MixesBean;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.Mixed;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.conference.mixer.MixesProgress;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.OurFailure;
import org.reelway.settings.MixerSettings;
import org.reelway.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The mixer: one picture of a multi-recording's streams. */
public final class MixerFeature extends Feature {
  private static final Logger LOG = LoggerFactory.getLogger(MixerFeature.class);
  private static final String MIXES = "mixes";

  @BindToRegistry("conferenceSteps")
  final ConferenceSteps steps;

  @BindToRegistry("mixes")
  final MixesApi api;

  @BindToRegistry("reelwayMixesHealth")
  final MixesHealth health;

  private final Settings settings;
  private final Path home;
  private final FolderFeature disk;
  private final MixJobs jobs;
  private final MBeans beans;

  MixerFeature(StateFeature state, FolderFeature disk, CallbackFeature callbacks) {
    this.settings = state.settings;
    this.home = state.home;
    this.disk = disk;
    this.steps = new ConferenceSteps(callbacks.multiRecorders, () -> callbackUrl().isPresent(), this::mix);
    this.jobs =
        new MixJobs(
            folder(settings), this::mixSettings, state::ffmpeg, settings.get(MixerSettings.AT_ONCE), this::mixed);
    this.beans = state.beans;
    measure(jobs, state.metrics);
    this.api = new MixesApi(jobs, disk.folders, steps::look, callbacks.multiRecorders);
    this.health = new MixesHealth(jobs, this::settingsTrouble);
    callbacks.receivers.add(MultiRecorderCallback.RECEIVER, this::callbackUrl);
  }

  /** Of all that run together: there is no end of jobs, and a series for each would have none. */
  static void measure(MixJobs jobs, MeterRegistry metrics) {
    for (MixJob.State each : MixJob.State.values()) {
      Gauge.builder("reelway.mixes", jobs, all -> MixesBean.count(all, each))
          .tag("state", each.word())
          .description("Multi-recordings that are to be mixed, by state")
          .register(metrics);
    }
    Gauge.builder("reelway.mixes.progress", jobs, all -> MixesProgress.of(all.all()).share())
        .description("How far the mixes are that run, together: 0 to 1; 0 where none runs")
        .register(metrics);
    Gauge.builder("reelway.mixes.left.seconds", jobs, MixesBean::secondsLeft)
        .description("Until the last mix that runs is done; -1 where none runs, and while nobody can know")
        .register(metrics);
  }

  /** Where jobs are, of this program and of others that leave some ({@link MixJobs#leave}). */
  public static Path folder(Settings settings) {
    return MultiRecorderFeature.hidden(settings).resolve(MIXES);
  }

  private MixSettings mixSettings() {
    return MixerFile.inUse(settings.get(MixerSettings.SETTINGS), home);
  }

  private Optional<URI> callbackUrl() {
    String url = mixSettings().callbackUrl();
    return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
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

  /** In its turn, and once however often it is said. */
  private void mix(Path file, String recorderUri) {
    try {
      if (Files.exists(file)) {
        disk.folders.requireInside(file);
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

  @Override
  List<ListBound> bounds() {
    return jobs.bounds();
  }

  /** Takes up what a Reelway before this one left; folders are watched by now. */
  @Override
  void begin() {
    settingsTrouble().ifPresent(trouble -> LOG.error("no recording is mixed until that is mended: {}", trouble));
    beans.show("type=Mixes", new MixesBean(jobs));
    jobs.begin();
  }

  @Override
  void endStreams() {
    jobs.close();
  }
}
