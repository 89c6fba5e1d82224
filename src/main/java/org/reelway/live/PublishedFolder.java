package org.reelway.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.reelway.recording.FolderFiles;
import org.reelway.recording.RecordingFolder;
import org.reelway.recording.SteadyClock;

/** A folder of our own that a publisher publishes: it is told of each playlist, so that nobody need watch. */
public final class PublishedFolder {
  private final LivePublisher publisher;
  private final RecordingFolder folder;
  private final FolderFiles.Listener listener;

  /** @param markersFolder see {@link RecordingFolder#of} */
  public PublishedFolder(LivePublisher publisher, Path folder, Path markersFolder) {
    this.publisher = publisher;
    this.folder = RecordingFolder.of(folder, markersFolder);
    this.listener = publisher.publish(this.folder);
  }

  /** With links resolved; files are to be named below this. */
  public Path root() {
    return folder.root();
  }

  /** Publishes what is there already. */
  public void begin() {
    new FolderFiles(folder, publisher::isPlaylist, listener, new SteadyClock()).rescan();
  }

  /** The playlist was written. */
  public void written(Path playlist) {
    listener.created(playlist);
  }

  /** Whether its last version is in the store, with all that it names. */
  public boolean isEnded(Path playlist) {
    return publisher.isEnded(playlist);
  }

  /** Whether the playlist in the store names the chunk: then that is there too. */
  public boolean names(Path playlist, Path chunk) {
    return publisher.publishedKeys(playlist).contains(publisher.keyOf(chunk));
  }

  /**
   * Puts a playlist of ours that names only what is in the store; it is no file.
   *
   * @param playlist where it would be one
   */
  public void put(Path playlist, String text) {
    publisher.put(playlist, text.getBytes(StandardCharsets.UTF_8));
  }

  /** It was deleted, with all below it, and is not looked for any more; what is in the store stays. */
  public void forget(Path file) {
    publisher.forgetBelow(file);
  }

  /** Removes it from the store, with all below it, after {@link #forget}. */
  public void remove(Path file) throws IOException {
    publisher.removeBelow(file);
  }
}
