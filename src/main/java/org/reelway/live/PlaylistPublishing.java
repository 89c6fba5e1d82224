package org.reelway.live;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.reelway.failure.DestinationFailure;
import org.reelway.settings.LiveSettings.LiveKeep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the versions of one playlist into the store, and its complete playlist before them. Used by one thread. */
final class PlaylistPublishing {
  private static final Logger LOG = LoggerFactory.getLogger(PlaylistPublishing.class);
  private static final int TRIES = 3;

  private final Path path;
  private final PlaylistKind kind;
  private final LivePublisher publisher;
  private final PlaylistNames names;
  private final PlaylistReport report;
  private final Runnable onStored;
  private StoredPlaylist stored;
  private LiveArchive archive;
  private volatile Published published;
  private volatile String completeMark;
  private volatile Set<String> publishedKeys = Set.of();
  private volatile String publishedEtag;

  /** @param stored told of each version that the store took */
  PlaylistPublishing(
      Path path, PlaylistKind kind, LivePublisher publisher, PlaylistNames names, PlaylistReport report, Runnable stored) {
    this.path = path;
    this.kind = kind;
    this.publisher = publisher;
    this.names = names;
    this.report = report;
    this.onStored = stored;
  }

  /** Whether the store was asked what it has. */
  boolean isLoaded() {
    return stored != null;
  }

  /** What is in the store is asked for again. */
  void forget() {
    if (stored != null) {
      stored.forget();
      archive = null;
    }
  }

  /** Asks what the store has, where that is not known. */
  void load(Edition edition) {
    boolean first = stored == null;
    StoredPlaylist now = first ? new StoredPlaylist(publisher.stores(), kind, report.key()) : stored;
    if (now.load(publisher.now()) && now.version() != null) {
      published(edition, now);
      if (first) {
        names.publishedBefore(publishedKeys);
      }
    }
    if (first) {
      stored = now;
      publisher.removal().adopt(report.key());
    }
  }

  /** Publishes what is true of the edition now. @param modified when the media server wrote it */
  void publish(Edition edition, Instant modified) {
    names.giveUpLost();
    Optional<Published> next = edition.after(published, names);
    report.awaited(
        edition.names().stream().filter(name -> names.of(name) == Presence.State.AWAITED).map(NamedFile::uri).toList());
    for (int tries = 1; next.isPresent() && !stored.holds(next.get()) && !put(edition, next.get(), modified); tries++) {
      if (tries == TRIES) {
        throw new DestinationFailure(
            publisher.stores().address(report.key()) + " is written by somebody else all the time; it is tried again");
      }
      next = edition.after(published, names);
    }
    if (published != null && publisher.target().keep() == LiveKeep.ALL) {
      complete();
    }
  }

  /** Sees to the complete playlist, and tells those that wait for it. */
  private void complete() {
    if (hasEnded()) {
      archive().end(published, publisher.now());
    }
    kind.archivedMaster(published, new CompletePlaylists(names, publisher))
        .ifPresent(master -> archive().replace(master, publisher.now()));
    boolean beside = archive != null && archive.isThere();
    // One that only grows, and keeps what it has, needs none beside it.
    boolean itself = !beside && kind.archived(null, published, null).isEmpty();
    String now = beside ? LiveArchive.MARK : itself ? "" : null;
    if (!Objects.equals(now, completeMark)) {
      completeMark = now;
      publisher.firstPublished(path);
    }
  }

  /** As {@link LivePublisher#completeMark}, null for none; may be asked by any thread. */
  String completeMark() {
    return completeMark;
  }

  /** @return false where something else is in the store: goes on from that */
  private boolean put(Edition edition, Published next, Instant modified) {
    if (published != null && publisher.target().keep() == LiveKeep.ALL) {
      archive().keep(published, next, publisher.now());
    }
    if (!stored.put(next, publisher.now())) {
      if (stored.version() != null) {
        published(edition, stored);
      }
      return false;
    }
    onStored.run();
    tell(next, Duration.between(modified, publisher.now()));
    published(edition, stored);
    report.publishedAt(publisher.now());
    return true;
  }

  private LiveArchive archive() {
    if (archive == null) {
      archive = new LiveArchive(publisher.stores(), kind, report.key());
    }
    return archive;
  }

  private void published(Edition edition, StoredPlaylist is) {
    boolean first = published == null;
    Published version = is.version();
    published = version;
    report.published(edition.gaps(version));
    Set<String> before = publishedKeys;
    publishedKeys = names.keys(version);
    publishedEtag = is.etag();
    publisher.removal().unnamed(before, publishedKeys);
    if (first) {
      publisher.firstPublished(path);
    }
  }

  private void tell(Published version, Duration lag) {
    String key = report.key();
    if (published == null) {
      LOG.info("live {} is published as {}", report.relative(), publisher.stores().address(key));
    } else if (!version.memo().equals(published.memo())) {
      report.happened(
          LiveEvent.Kind.RESTART, key, "the encoder began anew; goes on as " + version.inWords(), Duration.ZERO);
    }
    report.happened(LiveEvent.Kind.PLAYLIST, key, version.inWords(), lag.isNegative() ? Duration.ZERO : lag);
    if (version.ended() && !hasEnded()) {
      LOG.info("live {} has ended", report.relative());
      report.happened(LiveEvent.Kind.ENDED, key, version.inWords(), Duration.ZERO);
    }
  }

  /** Null for nothing; may be asked by any thread. */
  Published published() {
    return published;
  }

  /** Keys of what players may load now; may be asked by any thread. */
  Set<String> publishedKeys() {
    return publishedKeys;
  }

  /** Of the object that names those; null where that is not known. May be asked by any thread. */
  String publishedEtag() {
    return publishedEtag;
  }

  boolean hasEnded() {
    return published != null && published.ended();
  }
}
