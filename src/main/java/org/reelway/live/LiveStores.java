package org.reelway.live;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.reelway.settings.KeyTemplate;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.reelway.transfer.Capabilities;
import org.reelway.transfer.ObjectKey;
import org.reelway.transfer.RecordingAttributes;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.StoreCapabilities;
import org.reelway.transfer.WholeFiles;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;

/** What the live publisher asks of the store: chunks and playlists have a connection each, of their own priority. */
public final class LiveStores {
  /** Metadata of a playlist that holds what its next version has to know. */
  static final String MEMO = "reelway-live";
  /** Metadata of a chunk that says what was to become of it when it was sent. */
  static final String KEEP = "reelway-keep";

  private static final long LARGEST_PLAYLIST = 64 << 20;

  private final Store chunks;
  private final Store playlists;
  private final WholeFiles files;
  private final SmallObjects small;
  private final Capabilities capabilities;
  private final RecordingAttributes attributes;
  private final LiveTarget target;

  /**
   * @param chunks sends with the priority of chunks
   * @param playlists sends with the priority of playlists
   * @param attributes of every object
   */
  public LiveStores(
      Store chunks, Store playlists, Capabilities capabilities, RecordingAttributes attributes, LiveTarget target) {
    this.chunks = chunks;
    this.playlists = playlists;
    this.files = new WholeFiles(chunks, capabilities);
    this.small = new SmallObjects(playlists, capabilities);
    this.capabilities = capabilities;
    this.attributes = attributes;
    this.target = target;
  }

  Optional<StoredObject> head(String key) {
    return chunks.head(target.bucket(), key);
  }

  WholeFiles.Place look(String key, Path file) {
    return files.look(target.bucket(), key, file);
  }

  Optional<FileIdentity> put(String key, Path file) {
    return files.put(target.bucket(), key, file, identity -> of(key, identity, target.chunkCache(), target.keep()));
  }

  Optional<FileIdentity> putStart(String key, Path file, long atLeast) {
    return files.putStart(
        target.bucket(), key, file, atLeast,
        (identity, before) -> {
          boolean stays = before.filter(object -> !isRemovable(object)).isPresent();
          return of(key, identity, target.playlistCache(), stays ? LiveKeep.ALL : target.keep());
        });
  }

  private ObjectAttributes of(String key, FileIdentity identity, String cacheControl, LiveKeep keep) {
    return attributes.ofLive(
        values(key, Instant.ofEpochSecond(0, identity.modifiedNanos())),
        Map.of(WholeFiles.FILE, WholeFiles.mark(identity), KEEP, keep.name().toLowerCase(Locale.ROOT)),
        cacheControl);
  }

  /** Whether the object is a chunk of ours that was sent to be removed one day; others were sent to stay. */
  static boolean isRemovable(StoredObject object) {
    return object.metadata().containsKey(WholeFiles.FILE)
        && LiveKeep.WINDOW.name().equalsIgnoreCase(object.metadata().get(KEEP));
  }

  private static KeyTemplate.Values values(String key, Instant modified) {
    int name = key.lastIndexOf('/');
    int stream = name < 0 ? -1 : key.lastIndexOf('/', name - 1);
    return new KeyTemplate.Values(key, name < 0 ? "" : key.substring(stream + 1, name), modified, "");
  }

  /**
   * Writes over what is at the key, whatever that is.
   *
   * @return the ETag of what is there now
   */
  String putPlaylist(String key, Published version, Instant now) {
    return putPlaylist(key, version, now, Precondition.NONE);
  }

  /**
   * Writes over that one object, where the store can tell it from others: a put that the network held, or another
   * sidecar's, then never takes the place of a newer one.
   *
   * @param etag of what is there; null for nothing
   * @return the ETag of what is there now
   */
  String putPlaylist(String key, Published version, Instant now, String etag) {
    StoreCapabilities does = capabilities.apply(target.bucket());
    Precondition absent = does.putIfAbsent() ? Precondition.ABSENT : Precondition.NONE;
    Precondition same = does.putIfMatch() && etag != null ? new Precondition.Matches(etag) : Precondition.NONE;
    return putPlaylist(key, version, now, etag == null ? absent : same);
  }

  /** The store refuses conditions that are true. */
  void doubtConditions(String key) {
    capabilities.doubt(
        target.bucket(), address(key) + " cannot be written on the condition that nothing changed there, and nothing did");
  }

  /** One that needs no memo. */
  void putPlaylist(String key, byte[] bytes, Instant now) {
    putPlaylist(key, bytes, "", now, Precondition.NONE);
  }

  private String putPlaylist(String key, Published version, Instant now, Precondition precondition) {
    return putPlaylist(key, version.bytes(), version.memo(), now, precondition);
  }

  private String putPlaylist(String key, byte[] bytes, String memo, Instant now, Precondition precondition) {
    Map<String, String> own = memo.isEmpty() ? Map.of() : Map.of(MEMO, memo);
    ObjectAttributes all = attributes.ofLive(values(key, now), own, target.playlistCache());
    return small.write(target.bucket(), key, bytes, all, precondition).etag();
  }

  /** Keeps what was found at another key too. */
  void copyPlaylist(Found found, String key, Instant now) {
    putPlaylist(key, found.bytes(), found.memo(), now, Precondition.NONE);
  }

  /** What is at a playlist's key. */
  record Found(byte[] bytes, String memo, String etag) {}

  Optional<Found> playlist(String key) {
    Optional<StoredObject> found = playlists.head(target.bucket(), key);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get().size() > LARGEST_PLAYLIST) {
      throw new InputFailure(
          address(key) + " has " + found.get().size() + " bytes, and " + LARGEST_PLAYLIST + " are read at most of a"
              + " playlist: it is none of ours; move it elsewhere, or set another reelway.live.prefix");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    playlists.get(target.bucket(), key, bytes);
    return Optional.of(new Found(bytes.toByteArray(), found.get().metadata().getOrDefault(MEMO, ""), found.get().etag()));
  }

  void list(String prefix, Consumer<ListedObject> each) {
    chunks.list(target.bucket(), prefix, each);
  }

  /** All that is ours, and what others have put beside it. */
  void listAll(Consumer<ListedObject> each) {
    String start = ObjectKey.of(target.prefix(), "x").value();
    list(start.substring(0, start.length() - 1), each);
  }

  void delete(String key) {
    chunks.delete(target.bucket(), key);
  }

  String bucket() {
    return target.bucket();
  }

  String address(String key) {
    return chunks.address(target.bucket(), key);
  }

  public void close() {
    chunks.close();
    playlists.close();
  }
}
