package org.reelway.transfer.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.reelway.recording.Claim;
import org.reelway.recording.Claims;
import org.reelway.recording.FileIdentity;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.settings.RecordingSettings.OnRestart;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.transfer.Abandoned;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the markers that an earlier run left, when a folder is watched for the first time. Only uploads that Reelway
 * itself began are aborted.
 */
public final class RestartPolicy {
  private static final Logger LOG = LoggerFactory.getLogger(RestartPolicy.class);

  private final OnRestart choice;
  private final Markers markers;
  private final Claims claims;
  private final Abandoned abandoned;
  private final RecordingHistory history;
  private final FinishedRecordings finished;
  /** Their markers are this run's. */
  private final Set<Path> seen = ConcurrentHashMap.newKeySet();

  /** @param finished told of what is discarded, so that its file is not taken again */
  public RestartPolicy(
      OnRestart choice,
      Markers markers,
      Claims claims,
      Abandoned abandoned,
      RecordingHistory history,
      FinishedRecordings finished) {
    this.finished = finished;
    this.choice = choice;
    this.markers = markers;
    this.claims = claims;
    this.abandoned = abandoned;
    this.history = history;
  }

  /** @return markers that were there; 0 where the folder was watched before */
  public int apply(RecordingFolder folder) {
    if (!seen.add(folder.root()) || choice == OnRestart.RESUME) {
      return 0;
    }
    var marked = new FolderScan(folder, Set.of()).look().marked();
    marked.forEach(this::applyUnlessClaimed);
    return marked.size();
  }

  private void applyUnlessClaimed(MarkedRecording recording) {
    Optional<Claim> claim = claims.take(recording.folder(), recording.file());
    if (claim.isEmpty()) {
      LOG.info("{} is under way in another sidecar, which goes on with it", recording.file());
      return;
    }
    try {
      apply(recording);
    } finally {
      claim.get().close();
    }
  }

  private void apply(MarkedRecording recording) {
    MarkerContent content = markers.read(recording);
    boolean others = content instanceof MarkerContent.Start || content instanceof MarkerContent.Unusable;
    if (others && !FileIdentity.isThere(recording.file())) {
      // It orders nothing, and may be a file that another program has begun to write.
      return;
    }
    if (content instanceof MarkerContent.Resume resume) {
      abandon(recording, resume.upload());
    }
    String setting = "reelway.recordings.on-restart=" + choice.name().toLowerCase(java.util.Locale.ROOT);
    if (choice == OnRestart.DISCARD) {
      discard(recording, content, setting);
      LOG.warn("{}: the marker of {} is removed, the file stays and is not sent", setting, recording.file());
    } else if (content instanceof MarkerContent.Verified && !Files.exists(recording.file(), LinkOption.NOFOLLOW_LINKS)) {
      LOG.info("{}: {} is in the store and tidied already", setting, recording.file());
    } else if (content instanceof MarkerContent.Replaced) {
      LOG.info("{}: {} is sent from its start once it rests", setting, recording.file());
    } else {
      markers.write(recording, new MarkerContent.Start(content.streamName().orElse(null)));
      LOG.info("{}: {} is sent from its start", setting, recording.file());
    }
  }

  /** Told in full, for the state may have been lost: the file must not be taken again because it lies there. */
  private void discard(MarkedRecording recording, MarkerContent content, String setting) {
    String id = RecordingFlow.idOf(recording);
    markers.remove(recording);
    finished.add(id);
    history.found(
        id, recording.file().toString(), recording.path(), sizeOf(recording), content.streamName().orElse(null), null);
    history.state(id, RecordingState.DISCARDED, setting + " removed the marker");
  }

  private static long sizeOf(MarkedRecording recording) {
    try {
      return FileIdentity.of(recording.file()).size();
    } catch (IOException missing) {
      return 0;
    }
  }

  private void abandon(MarkedRecording recording, MarkerContent.UploadState upload) {
    if (upload.ours()) {
      abandoned.abort(upload, "on-restart for " + recording.file());
    } else {
      LOG.warn(
          "the unfinished upload {} of {}/{} was begun by another program and is left alone",
          upload.uploadId(),
          upload.bucket(),
          upload.key());
    }
  }
}
