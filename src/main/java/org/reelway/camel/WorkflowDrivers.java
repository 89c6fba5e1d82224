package org.reelway.camel;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.reelway.media.ffmpeg.FfmpegPrograms;
import org.reelway.settings.KeyTemplate;
import org.reelway.settings.LiveSettings;
import org.reelway.settings.RecordingSettings;
import org.reelway.settings.WorkflowSettings;
import org.reelway.state.StoredSplits;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.stream.workflow.archive.ArchiveSplitter;
import org.reelway.stream.workflow.archive.ArchiveStore;
import org.reelway.stream.workflow.archive.SplitDone;
import org.reelway.stream.workflow.archive.SplitFiles;
import org.reelway.stream.workflow.archive.Splitter;
import org.reelway.stream.workflow.aws.AwsLive;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.bandwidth.Priority;

/** Makes what carries streams of the live workflow, and what splits their archives, from the settings. */
final class WorkflowDrivers {
  private final StateFeature state;
  private final StoreFeature store;
  private final FolderFeature disk;
  private final LocalDrivers local;

  WorkflowDrivers(StateFeature state, StoreFeature store, FolderFeature disk, LocalDrivers local) {
    this.state = state;
    this.store = store;
    this.disk = disk;
    this.local = local;
  }

  WorkflowKeys keys() {
    return local.keys();
  }

  /** Called once there is a stream: nothing is to be made, begun or asked before. */
  StreamDriver driver() {
    return switch (state.settings.get(WorkflowSettings.DRIVER)) {
      case LOCAL -> local.make();
      case AWS -> AwsLive.driver(state.settings, store.primary.s3.client().connection(), store.primary.bucket, state.home);
    };
  }

  /** Made at the start, and begun once all routes run. */
  Splitter splitter(SplitDone.Listener done) {
    return new ArchiveSplitter(
        archives(), new StoredSplits(state.jdbi, state.writer, state.node), files(), state.settings.get(WorkflowSettings.SPLITS_AT_ONCE), done,
        TransferFeature.backoff(state.settings), state.clock);
  }

  private SplitFiles files() {
    Path folder = Optional.ofNullable(state.settings.get(WorkflowSettings.SPLIT_FOLDER))
        .orElseGet(() -> state.settings.get(RecordingSettings.FOLDER).get(0)).toAbsolutePath();
    return new SplitFiles() {
      @Override
      public Path folder() {
        return folder;
      }

      @Override
      public void requireTaken(Path wanted) {
        disk.folders.requireInside(wanted.resolve("a recording"));
      }

      @Override
      public void finished(Path file, String stream) {
        disk.folders.markUnlessSent(file, stream, "split");
      }

      @Override
      public FfmpegPrograms programs() {
        return state.ffmpeg();
      }
    };
  }

  private ArchiveStore archives() {
    RecordingAttributes attributes = ConfiguredStore.primary(state.settings).attributes();
    // What is written of an archive never changes, as its segments do not.
    String cache = state.settings.get(LiveSettings.CHUNK_CACHE_CONTROL);
    return new ArchiveStore(
        store.primary.s3.at(Priority.PLAYLIST), store.primary.capabilities,
        key -> attributes.ofLive(new KeyTemplate.Values(key, "", state.clock.instant(), ""), Map.of(), cache));
  }
}
