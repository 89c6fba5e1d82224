package org.reelway.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.reelway.failure.InputFailure;
import org.reelway.recording.FileIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one playlist names: where it leads, which chunks that are, and what is known of them. Used by one thread. */
final class PlaylistNames implements Presence, PlaylistFolder {
  private static final Logger LOG = LoggerFactory.getLogger(PlaylistNames.class);
  /** What {@link ChunkSender} puts before the extension of a name that was taken. */
  private static final Pattern RENAMED = Pattern.compile("-[0-9a-f]{8}((\\.[^./]*)?)$");
  /** So many files can be looked at with each edition; of more, only new ones. */
  private static final int FEW = 100;

  private final Path path;
  private final References references;
  private final LivePublisher publisher;
  private final LivePlaylist playlist;
  /** By URI; what has another one in the store by both. */
  private final Map<String, Target> targets = new HashMap<>();
  private final Map<String, Instant> playlistsAwaitedSince = new HashMap<>();
  private Map<Path, Chunk> chunks = new HashMap<>();
  private Set<NamedFile> known = Set.of();
  private Map<String, String> keysBefore = Map.of();

  PlaylistNames(Path path, References references, LivePublisher publisher, LivePlaylist playlist) {
    this.path = path;
    this.references = references;
    this.publisher = publisher;
    this.playlist = playlist;
  }

  /** @throws InputFailure when one of the names leads out of the live folder */
  void resolve(Edition edition) {
    Set<String> uris = new HashSet<>();
    for (NamedFile named : edition.names()) {
      uris.add(place(named));
      if (References.isAmbiguous(named.uri())) {
        // Which file is meant is told by which one is there.
        targets.put(place(named), resolve(named));
      } else {
        targets.computeIfAbsent(place(named), any -> resolve(named));
      }
    }
    if (targets.size() > 2 * uris.size() + FEW) {
      targets.keySet().retainAll(uris);
    }
  }

  private Target resolve(NamedFile named) {
    Target target = references.resolve(path, named.uri());
    boolean moved = named.as() != null && !named.as().equals(named.uri());
    return moved && target instanceof Target.File file && references.resolve(path, named.as()) instanceof Target.File as
        ? new Target.File(file.file(), as.key(), null)
        : target;
  }

  private static String place(NamedFile named) {
    return named.as() == null || named.as().equals(named.uri()) ? named.uri() : named.uri() + '\0' + named.as();
  }

  /** Files of playlists that are named. */
  Optional<Path> file(String uri) {
    return targets.get(uri) instanceof Target.File target ? Optional.of(target.file()) : Optional.empty();
  }

  /** Keys of what a published version names. */
  Set<String> keys(Published version) {
    Set<String> keys = new HashSet<>();
    for (NamedFile named : version.names()) {
      Target known = targets.get(named.uri());
      Target target = known == null ? references.resolve(path, named.uri()) : known;
      if (!named.playlist() && target instanceof Target.File file) {
        keys.add(file.key());
      }
    }
    return keys;
  }

  /** What was published before the start is in the store, also where its file is gone. */
  void publishedBefore(Set<String> keys) {
    keysBefore = new HashMap<>();
    for (String key : keys) {
      keysBefore.put(key, key);
      keysBefore.put(RENAMED.matcher(key).replaceFirst("$1"), key);
    }
  }

  /**
   * Has all sent that the edition names, and nothing any more that it does not.
   *
   * @param written whether the playlist was written anew: files that it named before may be others now
   */
  void want(Edition edition, boolean written) throws IOException {
    List<NamedFile> names = edition.names();
    Map<Path, Chunk> wanted = new HashMap<>();
    // A list that is shorter than before is another run of the encoder, as a rule.
    boolean few = names.size() <= FEW || names.size() < known.size();
    for (NamedFile named : names) {
      if (!named.playlist() && targets.get(place(named)) instanceof Target.File target) {
        Chunk chunk = publisher.chunks().of(target.file(), target.key(), named.as() != null, playlist);
        wanted.put(target.file(), chunk);
        if (keysBefore.containsKey(target.key())) {
          chunk.mayBeAt(keysBefore.get(target.key()));
        }
        if (written && few || !known.contains(named)) {
          renewIfReplaced(chunk);
        }
        publisher.chunks().want(chunk, named, playlist);
      }
    }
    keysBefore = Map.of();
    known = new HashSet<>(names);
    Map<Path, Chunk> before = chunks;
    chunks = wanted;
    before.values().stream().filter(chunk -> !wanted.containsKey(chunk.file())).forEach(this::drop);
  }

  private void renewIfReplaced(Chunk chunk) throws IOException {
    try {
      if (chunk.isReplacedBy(FileIdentity.of(chunk.file()))) {
        chunk.replaced(publisher.now());
      }
    } catch (NoSuchFileException removed) {
      // What is in the store stays true.
    }
  }

  private void drop(Chunk chunk) {
    if (publisher.chunks().release(chunk, playlist)) {
      publisher.outage().shed();
      playlist.happened(
          LiveEvent.Kind.SHED, chunk.key(), "not sent: no playlist names it any more", Duration.ZERO);
    }
  }

  /** Its chunks are nobody's any more. */
  void release() {
    chunks.values().forEach(chunk -> publisher.chunks().release(chunk, playlist));
  }

  /** Why one of its chunks is waited for; empty where none had trouble. */
  String trouble() {
    return chunks.values().stream()
        .filter(chunk -> !chunk.isInStore() && !chunk.isLost() && !chunk.trouble().isEmpty())
        .map(chunk -> chunk.file().getFileName() + ": " + chunk.trouble())
        .findFirst().orElse("");
  }

  /** What has had its time is waited for no longer. */
  void giveUpLost() {
    Instant latest =
        chunks.values().stream().map(Chunk::storedAt).filter(at -> at != null).max(Instant::compareTo).orElse(null);
    for (Chunk chunk : chunks.values()) {
      if (!chunk.isLost() && chunk.isOverdue(publisher.now(), publisher.target().gapAfter(), latest)) {
        chunk.lose();
        String why = chunk.trouble() + readOtherwise(chunk);
        LOG.warn("{} is lost ({}); it is declared a gap in {}", chunk.file(), why, path);
        playlist.happened(LiveEvent.Kind.GAP, chunk.key(), why, Duration.ZERO);
      }
    }
  }

  private String readOtherwise(Chunk chunk) {
    return known.stream()
        .filter(named -> References.isAmbiguous(named.uri()))
        .filter(named -> targets.get(place(named)) instanceof Target.File file && file.file().equals(chunk.file()))
        .map(named -> "; the playlist names \"" + named.uri() + "\": in a URI, # ? and : divide, and % begins an escape; names"
            + " with them are best not used, or escaped")
        .findFirst().orElse("");
  }

  @Override
  public Instant now() {
    return publisher.now();
  }

  @Override
  public Optional<Instant> written(String uri) {
    if (!(targets.computeIfAbsent(uri, any -> references.resolve(path, uri)) instanceof Target.File file)) {
      return Optional.empty();
    }
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file.file(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile() ? Optional.of(attributes.lastModifiedTime().toInstant()) : Optional.empty();
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  @Override
  public State of(NamedFile named) {
    Target target = targets.get(place(named));
    if (!(target instanceof Target.File file)) {
      return State.THERE;
    }
    if (named.playlist()) {
      return playlist(named.uri(), file.file());
    }
    Chunk chunk = chunks.get(file.file());
    return chunk == null ? State.AWAITED : chunk.state(named);
  }

  @Override
  public boolean isEnded(NamedFile named) {
    return !(targets.get(named.uri()) instanceof Target.File file) || publisher.isEnded(file.file());
  }

  private State playlist(String uri, Path file) {
    if (publisher.isPublished(file)) {
      playlistsAwaitedSince.remove(uri);
      return State.THERE;
    }
    Instant since = playlistsAwaitedSince.computeIfAbsent(uri, any -> publisher.now());
    return publisher.now().isBefore(since.plus(publisher.target().gapAfter())) ? State.AWAITED : State.LOST;
  }

  @Override
  public String uri(NamedFile named) {
    if (named.as() != null) {
      return named.as();
    }
    if (!(targets.get(named.uri()) instanceof Target.File file)) {
      return named.uri();
    }
    Chunk chunk = chunks.get(file.file());
    String uri = file.uri() == null ? named.uri() : file.uri();
    return chunk == null || chunk.key().equals(chunk.name()) ? uri : renamed(uri, chunk);
  }

  private static String renamed(String uri, Chunk chunk) {
    String name = chunk.name();
    int dotOfName = name.lastIndexOf('.');
    int stem = dotOfName > name.lastIndexOf('/') + 1 ? dotOfName : name.length();
    String mark = chunk.key().substring(stem, stem + chunk.key().length() - name.length());
    return marked(uri, mark);
  }

  /** The URI with something put into the name before its extension. */
  static String marked(String uri, String mark) {
    int pathEnd = uri.split("[?#]", 2)[0].length();
    int slash = uri.lastIndexOf('/', pathEnd - 1);
    int dot = uri.lastIndexOf('.', pathEnd - 1);
    int at = dot > slash + 1 ? dot : pathEnd;
    return uri.substring(0, at) + mark + uri.substring(at);
  }
}
