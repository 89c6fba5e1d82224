package org.reelway.camel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.reelway.callback.MixedRecording;
import org.reelway.conference.farm.FarmFetch;
import org.reelway.conference.farm.FarmMixes;
import org.reelway.conference.farm.FarmOrders;
import org.reelway.conference.farm.FarmWorker;
import org.reelway.conference.mixer.MixJob;
import org.reelway.conference.mixer.MixJobs;
import org.reelway.conference.mixer.MixSettings;
import org.reelway.conference.mixer.Mixed;
import org.reelway.conference.mixer.Mixes;
import org.reelway.failure.OurFailure;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.MixerSettings;
import org.reelway.settings.NodeSettings.Role;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.StateSettings;
import org.reelway.state.MixOrderRow;
import org.reelway.state.MixOrders;

/** The part that this sidecar has in a mixing farm: it orders, and where it is a worker it mixes. */
final class MixFarm {
  final FarmOrders farm;
  final Mixes mixes;
  /** Null where this sidecar is no worker. */
  final FarmWorker worker;

  private final StateFeature state;
  private final FolderFeature disk;
  private final ConferenceSteps steps;
  private final MixJobs jobs;

  /**
   * @param own mixes of this sidecar alone
   * @param folder of our own, on the file system of the recordings
   */
  MixFarm(
      StateFeature state, StoreFeature store, FolderFeature disk, Supplier<MixSettings> wanted, ConferenceSteps steps, Mixes own,
      Path folder) {
    this.state = state;
    this.disk = disk;
    this.steps = steps;
    MixOrders orders = new MixOrders(state.jdbi, state.clock);
    int atOnce = state.settings.get(MixerSettings.AT_ONCE);
    if (state.has(Role.MIXER)) {
      FarmFetch fetch = new FarmFetch(
          recordings(), folder.resolve("fetched"), name -> store.find(name).map(found -> found.store),
          () -> wanted.get().minAvailableSpace());
      worker = new FarmWorker(orders, state.leases, fetch, this::mixed, this::discard, folder.resolve("orders"));
      jobs = new MixJobs(folder.resolve("jobs"), wanted, state::ffmpeg, atOnce, worker);
    } else {
      worker = null;
      jobs = null;
    }
    farm = new FarmOrders(
        orders, state.leases, this::relative, () -> worker == null ? 0 : atOnce - worker.number(),
        state.settings.get(StateSettings.HISTORY));
    mixes = new FarmMixes(own, farm, orders, () -> jobs == null ? List.of() : jobs.all());
  }

  /** The real one, as routes name its files. */
  private Path recordings() {
    Path folder = state.settings.get(RecordingSettings.FOLDER).get(0).toAbsolutePath();
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw new OurFailure("the recordings folder " + folder + ", in which a worker names its mixes, cannot be made: " + e, e);
    }
  }

  private Path relative(Path file) {
    for (FolderIntake intake : disk.folders.all()) {
      Optional<Path> inside = intake.folder().locate(file);
      if (inside.isPresent()) {
        return Path.of(intake.folder().relative(inside.get()));
      }
    }
    throw RecordingFolder.inNone(file, disk.folders.all().stream().map(FolderIntake::folder).toList());
  }

  /** Backends are told of the recording by the path that it had where it was recorded. */
  private void mixed(MixOrderRow order, MixJob job, Mixed mixed) {
    Path home = state.history.find(order.id()).map(story -> Path.of(story.file())).orElse(job.recording());
    steps.mixed(MixedRecording.ofOrder(
        order.id() + " " + order.orderedAt(), home, order.id(), job.held(), order.identity(), order.recorderUri(), job.created(),
        job.length(), mixed));
  }

  private void discard(Path mix) {
    try {
      Files.deleteIfExists(mix);
      for (FolderIntake intake : disk.folders.all()) {
        Optional<MarkedRecording> marked =
            intake.folder().locate(mix).flatMap(inside -> disk.markers.find(intake.folder(), inside));
        marked.ifPresent(disk.markers::remove);
      }
    } catch (IOException e) {
      throw new OurFailure(mix + ", a mix that another worker makes by now, cannot be deleted: " + e, e);
    }
  }

  /** Before anything can send what a restart left. */
  void recover() {
    if (worker != null) {
      worker.recover(jobs);
    }
  }

  void begin() {
    if (worker != null) {
      worker.begin();
    }
  }

  /** Nobody waits any more for a mix that is under way. */
  void drain() {
    farm.close();
    if (worker != null) {
      worker.drain();
    }
  }

  void close() {
    if (worker != null) {
      jobs.close();
      worker.close();
    }
  }
}
