package org.reelway.stream.workflow.archive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.reelway.failure.BadRequest;
import org.reelway.failure.Conflict;
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
    this(store, new Archives(store), listener);
  }

  PlaylistSplitter(ArchiveStore store, Archives archives, SplitDone.Listener listener) {
    this.store = store;
    this.archives = archives;
    this.small = new SmallObjects(store.store(), store.capabilities());
    this.listener = listener;
  }

  @Override
  public SplitAnswer split(SplitSource source, SplitRequest request) {
    request.session();
    request.wanted();
    List<Section> sections = request.sections();
    Optional<String> named = request.modifier();
    String modifier = named.orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    ArchiveFolder folder = archives.folder(source.root());
    Map<String, byte[]> playlists = playlists(archives.read(source, folder), source, sections, modifier);
    Map<String, byte[]> missing = named.isEmpty() ? playlists : missing(folder, beginning(modifier), playlists);
    missing.forEach((name, playlist) -> write(folder, name, playlist));
    List<String> keys = playlists.keySet().stream().map(name -> source.root().prefix() + name).toList();
    listener.done(done(source, modifier, sections, keys));
    return SplitAnswer.playlists(keys);
  }

  private static String beginning(String modifier) {
    return "index_" + modifier + "_";
  }

  /** By their names. */
  private static Map<String, byte[]> playlists(Archive archive, SplitSource source, List<Section> sections, String modifier) {
    List<List<ArchivedSegment>> all = new ArrayList<>();
    int segments = 0;
    for (int i = 0; i < sections.size(); i++) {
      Cut cut = Cut.of(source, archive, sections.get(i), SplitRequest.place(i));
      requirePlayable(cut, SplitRequest.place(i));
      all.add(cut.segments());
      segments += cut.segments().size();
      if (segments > MOST_SEGMENTS) {
        throw new BadRequest(
            "\"timestamp_list\" asks for more than " + MOST_SEGMENTS + " segments in all; ask for fewer sections at once");
      }
    }
    Map<String, byte[]> playlists = new LinkedHashMap<>();
    for (int i = 0; i < sections.size(); i++) {
      playlists.put(
          beginning(modifier) + i + ".m3u8", SectionPlaylist.of(all.get(i), Cut.micros(sections.get(i).start())));
    }
    return playlists;
  }

  private static void requirePlayable(Cut cut, String place) {
    cut.segments().stream().filter(segment -> segment.packet() == M2TS_PACKET).findFirst().ifPresent(segment -> {
      throw new BadRequest(
          "\"" + place + "\" is in " + segment.object().key() + ", whose packets have " + M2TS_PACKET
              + " bytes (with a time stamp before each): no HLS player takes that; ask for \"format\": \"mp4\"");
    });
  }

  /** Those that are not there yet. @throws Conflict something else has a name */
  private static Map<String, byte[]> missing(ArchiveFolder folder, String beginning, Map<String, byte[]> playlists) {
    Map<String, byte[]> missing = new LinkedHashMap<>();
    playlists.forEach((name, playlist) -> {
      ListedObject there = folder.object(name, beginning);
      if (there == null) {
        missing.put(name, playlist);
      } else if (there.size() != playlist.length || !Arrays.equals(folder.get(name), playlist)) {
        throw taken(folder, name);
      }
    });
    return missing;
  }

  private static Conflict taken(ArchiveFolder folder, String name) {
    return new Conflict(
        folder.root().prefix() + name + " is there already, and is of other sections; give another \"name_modifier\", or"
            + " none");
  }

  /** What somebody else wrote meanwhile is never written over, where the store can see to that. */
  private void write(ArchiveFolder folder, String name, byte[] playlist) {
    String bucket = folder.root().bucket();
    String key = folder.root().prefix() + name;
    boolean canAsk = store.capabilities().apply(bucket).putIfAbsent();
    for (int attempt = 1; ; attempt++) {
      try {
        small.write(bucket, key, playlist, store.attributes().apply(key), canAsk ? Precondition.ABSENT : Precondition.NONE);
        return;
      } catch (StoreFailure e) {
        if (e.isPreconditionFailed() && Arrays.equals(folder.get(name), playlist)) {
          return;
        }
        if (e.isPreconditionFailed()) {
          throw taken(folder, name);
        }
        if (!e.isConditionalConflict() || attempt == ATTEMPTS) {
          throw e;
        }
      }
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
