package org.reelway.stream.workflow.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.reelway.failure.Conflict;
import org.reelway.failure.InputFailure;
import org.reelway.stream.workflow.archive.SplitRequest.Format;
import org.reelway.transfer.SmallObjects;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.StoreFailure;

/** Sections as playlists in the archive. */
public final class PlaylistSplitter implements Splitter {
  /** Of all sections together: so many lines are in memory. */
  private static final int MOST_SEGMENTS = 100_000;
  private static final int M2TS_PACKET = 192;
  private static final int ATTEMPTS = 3;

  private final ArchiveStore store;
  private final Archives archives;
  private final SmallObjects small;
  private final SplitDone.Listener listener;

  public PlaylistSplitter(ArchiveStore store, SplitDone.Listener listener) {
    this.store = store;
    this.archives = new Archives(store);
    this.small = new SmallObjects(store.store(), store.capabilities());
    this.listener = listener;
  }

  @Override
  public SplitAnswer split(SplitSource source, SplitRequest request) {
    request.session();
    request.wanted();
    List<Section> sections = request.sections();
    String modifier = request.modifier().orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    ArchiveListing listing = archives.list(source.root());
    Map<String, byte[]> playlists = playlists(source, listing, sections, modifier);
    Map<String, byte[]> missing = missing(source.root(), listing, playlists);
    missing.forEach((key, playlist) -> write(source.root(), key, playlist));
    List<String> keys = List.copyOf(playlists.keySet());
    listener.done(done(source, modifier, sections, keys));
    return SplitAnswer.playlists(keys);
  }

  private Map<String, byte[]> playlists(
      SplitSource source, ArchiveListing listing, List<Section> sections, String modifier) {
    Archive archive = archives.read(source, listing);
    List<List<ArchivedSegment>> all = new ArrayList<>();
    int segments = 0;
    for (int i = 0; i < sections.size(); i++) {
      Cut cut = Cut.of(source, archive, sections.get(i), SplitRequest.place(i));
      requirePlayable(cut, SplitRequest.place(i));
      all.add(cut.segments());
      segments += cut.segments().size();
      if (segments > MOST_SEGMENTS) {
        throw new InputFailure(
            "\"timestamp_list\" asks for more than " + MOST_SEGMENTS + " segments in all; ask for fewer sections at once");
      }
    }
    Map<String, byte[]> playlists = new LinkedHashMap<>();
    for (int i = 0; i < sections.size(); i++) {
      playlists.put(
          source.root().prefix() + "index_" + modifier + "_" + i + ".m3u8",
          SectionPlaylist.of(all.get(i), Cut.micros(sections.get(i).start())));
    }
    return playlists;
  }

  private static void requirePlayable(Cut cut, String place) {
    cut.segments().stream().filter(segment -> segment.packet() == M2TS_PACKET).findFirst().ifPresent(segment -> {
      throw new InputFailure(
          "\"" + place + "\" is in " + segment.object().key() + ", whose packets have " + M2TS_PACKET
              + " bytes (with a time stamp before each): no HLS player takes that; ask for \"format\": \"mp4\"");
    });
  }

  /** Those that are not there yet. @throws Conflict something else is at a key */
  private Map<String, byte[]> missing(ArchiveRoot root, ArchiveListing listing, Map<String, byte[]> playlists) {
    Map<String, byte[]> missing = new LinkedHashMap<>();
    playlists.forEach((key, playlist) -> {
      ListedObject there = listing.object(key.substring(root.prefix().length()));
      if (there == null) {
        missing.put(key, playlist);
      } else if (there.size() != playlist.length || !Arrays.equals(archives.get(root, there), playlist)) {
        throw taken(key);
      }
    });
    return missing;
  }

  private static Conflict taken(String key) {
    return new Conflict(
        key + " is there already, and is of other sections; give another \"name_modifier\", or none");
  }

  /** What somebody else wrote meanwhile is never written over, where the store can see to that. */
  private void write(ArchiveRoot root, String key, byte[] playlist) {
    boolean canAsk = store.capabilities().apply(root.bucket()).putIfAbsent();
    for (int attempt = 1; ; attempt++) {
      try {
        small.write(
            root.bucket(), key, playlist, store.attributes().apply(key), canAsk ? Precondition.ABSENT : Precondition.NONE);
        return;
      } catch (StoreFailure e) {
        if (e.isPreconditionFailed()) {
          requireSame(root, key, playlist);
          return;
        }
        if (!e.isConditionalConflict() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void requireSame(ArchiveRoot root, String key, byte[] playlist) {
    if (!Arrays.equals(archives.get(root, new ListedObject(key, -1, "", null, null)), playlist)) {
      throw taken(key);
    }
  }

  private static SplitDone done(SplitSource source, String modifier, List<Section> sections, List<String> keys) {
    List<SplitDone.Made> made = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      made.add(new SplitDone.Made(sections.get(i), keys.get(i), "", ""));
    }
    return new SplitDone(source.session() + "-" + modifier, source.stream(), source.session(), Format.M3U8, made);
  }

  @Override
  public void close() {
    archives.close();
  }
}
