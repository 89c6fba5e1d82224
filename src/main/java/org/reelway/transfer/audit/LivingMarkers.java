package org.reelway.transfer.audit;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.reelway.recording.FolderScan;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.MarkerContent;
import org.reelway.recording.Markers;
import org.reelway.recording.RecordingFolder;
import org.reelway.state.BegunUploads;
import org.reelway.state.RecordingHistory;

/** What still needs an upload: a transfer under way, or a marker that names it, however long its store was away. */
public final class LivingMarkers {
  private final Markers markers;
  private final Path markersFolder;
  private final RecordingHistory history;
  private final Supplier<Collection<RecordingFolder>> folders;
  private final Predicate<String> isInTransfer;

  /**
   * @param folders those that are known; the history knows where each recording was, also in others
   * @param isInTransfer whether the recording of an id is under way in this process
   */
  public LivingMarkers(
      Markers markers,
      Path markersFolder,
      RecordingHistory history,
      Supplier<Collection<RecordingFolder>> folders,
      Predicate<String> isInTransfer) {
    this.isInTransfer = isInTransfer;
    this.markers = markers;
    this.markersFolder = markersFolder;
    this.history = history;
    this.folders = folders;
  }

  /**
   * Looks through the folders when it is asked first, for most nights there is nothing to ask; ask it as often as needed.
   *
   * @return tells why an upload is kept; empty where nothing goes on with it
   */
  public Look look() {
    return new OneLook();
  }

  private final class OneLook implements Look {
    private final Set<String> named = new HashSet<>();
    private List<RecordingFolder> away;

    @Override
    public Optional<String> whyKept(BegunUploads.Upload upload) {
      if (away == null) {
        away = folders.get().stream().filter(folder -> !folder.isThere()).toList();
        for (RecordingFolder folder : folders.get()) {
          for (MarkedRecording recording : new FolderScan(folder, Set.of()).look().marked()) {
            uploadOf(recording).ifPresent(named::add);
          }
        }
      }
      return why(upload, named, away);
    }
  }

  /** One look at the markers of now. */
  @FunctionalInterface
  public interface Look {
    Optional<String> whyKept(BegunUploads.Upload upload);
  }

  private Optional<String> why(BegunUploads.Upload upload, Set<String> named, List<RecordingFolder> away) {
    if (named.contains(upload.uploadId())) {
      return Optional.of("its marker goes on with it");
    }
    if (upload.recordingId() == null) {
      return Optional.empty();
    }
    if (isInTransfer.test(upload.recordingId())) {
      return Optional.of("its recording is under way");
    }
    Optional<RecordingHistory.Finished> place =
        history
            .find(upload.recordingId())
            .map(story -> new RecordingHistory.Finished(story.id(), Path.of(story.file()), Path.of(story.path())));
    if (place.isEmpty()) {
      return away.isEmpty() ? Optional.empty() : Optional.of("the folder " + away.get(0) + " is not there");
    }
    RecordingFolder folder = RecordingFolder.of(place.get().folder(), markersFolder);
    if (!folder.isThere()) {
      return Optional.of("the folder " + folder + " is not there");
    }
    boolean goesOn =
        markers.find(folder, place.get().file()).flatMap(this::uploadOf).filter(upload.uploadId()::equals).isPresent();
    return goesOn ? Optional.of("its marker goes on with it") : Optional.empty();
  }

  private Optional<String> uploadOf(MarkedRecording recording) {
    return markers.read(recording) instanceof MarkerContent.Resume resume
        ? Optional.of(resume.upload().uploadId())
        : Optional.empty();
  }
}
