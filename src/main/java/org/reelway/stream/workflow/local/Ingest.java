package org.reelway.stream.workflow.local;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.reelway.stream.recorder.FlvTag;
import org.reelway.stream.recorder.MediaRoom;
import org.reelway.stream.supervise.KnownTracks;
import org.reelway.stream.workflow.rtmp.RtmpMedia;

/** One of a session's two ingests: what came last, so that it can take over. Guarded by its {@link Failover}. */
final class Ingest {
  /** What one that waits keeps of its stream; it covers the time in which the other one's silence is noticed. */
  private static final int MOST_KEPT = 4 << 20;
  private static final long OCCUPIED_NANOS = 3_000_000_000L;

  private final Failover failover;
  private final MediaRoom room;
  private final KnownTracks tracks = KnownTracks.none();
  private final Map<FlvTag.Kind, FlvTag> setups = new EnumMap<>(FlvTag.Kind.class);
  private final Deque<Kept> kept = new ArrayDeque<>();
  private int keptBytes;
  private boolean isOn;
  private long lastAt;
  private Object publisher;

  /** @param at when it came, by {@link System#nanoTime} */
  private record Kept(FlvTag tag, long at) {}

  /** @param room for what is kept, of all streams */
  Ingest(Failover failover, MediaRoom room) {
    this.failover = failover;
    this.room = room;
  }

  /** Its publisher, from now on; null where it has one that is alive. */
  RtmpMedia open() {
    synchronized (failover) {
      if (publisher != null && isOn && System.nanoTime() - lastAt < OCCUPIED_NANOS) {
        return null;
      }
      RtmpMedia media = new RtmpMedia() {
        @Override
        public void take(FlvTag tag) {
          synchronized (failover) {
            if (publisher == this) {
              came(tag);
            }
          }
        }

        @Override
        public boolean isClosed() {
          synchronized (failover) {
            return publisher != this;
          }
        }

        @Override
        public void ended() {
          synchronized (failover) {
            if (publisher == this) {
              isOn = false;
              failover.ended(Ingest.this);
            }
          }
        }
      };
      publisher = media;
      return media;
    }
  }

  /** Nobody publishes to it any more. */
  void close() {
    synchronized (failover) {
      publisher = null;
      isOn = false;
      forgetBefore(Long.MAX_VALUE);
    }
  }

  private void came(FlvTag tag) {
    if (tag.isMedia()) {
      isOn = true;
      lastAt = System.nanoTime();
    }
    failover.take(this, tag);
    if (tag.isSetup()) {
      setups.put(tag.kind(), tag);
    }
  }

  /** Whether media comes. */
  boolean isOn() {
    return isOn;
  }

  /** By {@link System#nanoTime}. */
  long lastAt() {
    return lastAt;
  }

  KnownTracks tracks() {
    return tracks;
  }

  /** The oldest ones make room for it. */
  void keep(FlvTag tag) {
    int size = MediaRoom.size(tag);
    boolean has = room.take(size);
    while (!has && !kept.isEmpty()) {
      drop();
      has = room.take(size);
    }
    if (has) {
      kept.add(new Kept(tag, System.nanoTime()));
      keptBytes += size;
    }
    while (keptBytes > MOST_KEPT) {
      drop();
    }
  }

  private void drop() {
    int size = MediaRoom.size(kept.remove().tag());
    keptBytes -= size;
    room.release(size);
  }

  /** How its decoders are set up, and what came since the time. */
  List<FlvTag> since(long nanos) {
    List<FlvTag> tags = new ArrayList<>(setups.values());
    kept.stream().filter(each -> each.at() > nanos).map(Kept::tag).forEach(tags::add);
    forgetBefore(Long.MAX_VALUE);
    return tags;
  }

  void forgetBefore(long nanos) {
    while (!kept.isEmpty() && kept.peek().at() < nanos) {
      drop();
    }
  }
}
