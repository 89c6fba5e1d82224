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
import org.reelway.conference.farm.FarmWorker;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixOrder;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.Mixed;
import org.reelway.conference.mixer.MixerFile;
import org.reelway.conference.mixer.Mixes;
import org.reelway.conference.mixer.MixesProgress;
import org.reelway.failure.InputFailure;
import org.reelway.failure.ListBound;
import org.reelway.failure.OurFailure;
import org.reelway.settings.MixerSettings;
import org.reelway.settings.QueueSettings;
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

  @BindToRegistry("mixOrders")
  final FarmSteps farmSteps;

  /** Of the fleet where there is a farm, else of this sidecar. */
  private final Mixes mixes;

  /** Where {@code reelway.queue.url} is set. */
  private final Optional<MixFarm> farm;

  MixerFeature(StateFeature state, StoreFeature store, FolderFeature disk, TransferFeature transfers, CallbackFeature callbacks) {
    this.settings = state.settings;
    this.home = state.home;
    this.disk = disk;
    this.steps = new ConferenceSteps(callbacks.multiRecorders, () -> callbackUrl().isPresent(), this::mix, this::sent);
    this.jobs =
        new MixJobs(
            folder(settings), this::mixSettings, state::ffmpeg, settings.get(MixerSettings.AT_ONCE), this::mixed);
    this.beans = state.beans;
    this.farm = settings.isSet(QueueSettings.URL)
        ? Optional.of(new MixFarm(
            state, store, disk, this::mixSettings, steps, jobs, MultiRecorderFeature.hidden(settings).resolve("farm-" + state.node)))
        : Optional.empty();
    Optional<FarmWorker> worker = farm.map(it -> it.worker);
    worker.ifPresent(it -> transfers.all().forEach(each -> each.ask(it)));
    this.farmSteps = new FarmSteps(farm.map(it -> it.farm).orElse(null), worker.orElse(null));
    this.mixes = farm.map(it -> it.mixes).orElse(jobs);
    measure(mixes, state.metrics);
    this.api = new MixesApi(mixes, jobs::look, disk.folders, steps::look, callbacks.multiRecorders);
    this.health = new MixesHealth(mixes, this::settingsTrouble);
    callbacks.receivers.add(MultiRecorderCallback.RECEIVER, this::callbackUrl);
  }

  /** Of all that run together: there is no end of jobs, and a series for each would have none. */
  static void measure(Mixes jobs, MeterRegistry metrics) {
    for (MixJob.State each : MixJob.State.values()) {
      Gauge.builder("reelway.mixes", jobs, GuardedHealth.orNone(all -> MixesBean.count(all, each)))
          .tag("state", each.word())
          .description("Multi-recordings that are to be mixed, by state")
          .register(metrics);
    }
    Gauge.builder("reelway.mixes.progress", jobs, GuardedHealth.orNone(all -> MixesProgress.of(all.here()).share()))
        .description("How far the mixes are that run, together: 0 to 1; 0 where none runs")
        .register(metrics);
    Gauge.builder("reelway.mixes.left.seconds", jobs, GuardedHealth.orNone(MixesBean::secondsLeft))
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
        mixes.addOnce(MixOrder.of(file, recorderUri, Optional.empty(), Optional.empty()));
      }
    } catch (InputFailure e) {
      LOG.error("the recording {} is sent, and not mixed: {}", file, e.getMessage());
    } catch (IOException e) {
      throw new OurFailure(file + " cannot be read: " + e, e);
    }
  }

  /** Of the recording's own sidecar; a farm's orders are noted by their workers. */
  private void sent(Path file, String key) {
    farm.map(it -> it.worker).ifPresent(worker -> {
      if (worker.isMix(file)) {
        // So that the backend is told of it before the order counts as done.
        steps.look();
        worker.sent(file, key);
      }
    });
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
    beans.show("type=Mixes", new MixesBean(mixes));
    jobs.begin();
    farm.ifPresent(MixFarm::begin);
  }

  @Override
  void recover() {
    farm.ifPresent(MixFarm::recover);
  }

  @Override
  void drain() {
    farm.ifPresent(MixFarm::drain);
  }

  @Override
  void endStreams() {
    farm.ifPresent(MixFarm::close);
    jobs.close();
  }
}
