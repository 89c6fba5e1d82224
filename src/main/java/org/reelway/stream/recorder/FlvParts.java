package org.reelway.stream.recorder;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reelway.stream.supervise.KnownTracks;

/**
 * Divides a stream that comes as FLV into parts, each of which one decoder can play: another part begins where the codec, its
 * settings (size, rate, channels) or the tracks change. Times go on where the sender's clock jumps. Used by one thread.
 */
public final class FlvParts {
  private static final long MOST_BYTES_WAITING = 32 << 20;
  private static final Set<FlvTag.Kind> BOTH = EnumSet.of(FlvTag.Kind.VIDEO, FlvTag.Kind.AUDIO);

  private final KnownTracks known;
  /** Asked before it learns from the stream itself. */
  private final Duration search;
  private final Target target;
  private final MediaRoom room;
  private final FlvTimeline timeline = new FlvTimeline();
  private final Map<FlvTag.Kind, Track> tracks = new EnumMap<>(FlvTag.Kind.class);
  private final List<Placed> waiting = new ArrayList<>();
  private final Set<FlvTag.Kind> inPart = EnumSet.noneOf(FlvTag.Kind.class);
  private long waitingBytes;
  private boolean open;
  private long partBegan;
  private volatile long received;

  /** Who takes the parts, one after the other. */
  public interface Target {
    /** A part begins. */
    void begin(boolean video, boolean audio) throws IOException;

    /** @param time in milliseconds since the part began */
    void take(FlvTag tag, long time) throws IOException;

    /** @param last whether the stream is over */
    void end(boolean last) throws IOException;
  }

  private record Placed(FlvTag tag, long time) {}

  /** What is known of one of the stream's tracks. */
  private static final class Track {
    /** As the sender said last; null where its codec needs none. */
    private FlvTag setup;
    /** Of what is in the part. */
    private FlvTag used;
    /** Of what waits for the next one. */
    private FlvTag next;
    /** A decoder could begin. */
    private boolean playable;
    private boolean seen;

    private boolean is(FlvTag decoder) {
      return decoder == setup || decoder != null && decoder.isSameSetup(setup);
    }
  }

  /** @param known tracks of the stream, of which it learns */
  FlvParts(KnownTracks known, Target target) {
    this(known, target, MediaRoom.endless());
  }

  /** @param room for what waits until all tracks are there: without it, a part begins with those that are */
  public FlvParts(KnownTracks known, Target target, MediaRoom room) {
    this.known = known;
    this.search = known.search(false);
    this.target = target;
    this.room = room;
    BOTH.forEach(kind -> tracks.put(kind, new Track()));
  }

  /** Until the stream ends. */
  void read(InputStream in) throws IOException {
    for (FlvTag tag = FlvTag.read(in); tag != null; tag = FlvTag.read(in)) {
      take(tag);
    }
    end();
  }

  /** The next one, as it came. */
  public void take(FlvTag tag) throws IOException {
    received += tag.body().length;
    take(tag, System.nanoTime() / 1_000_000);
  }

  /** Nothing more comes. */
  public void end() throws IOException {
    if (!waiting.isEmpty()) {
      begin();
    }
    if (open) {
      target.end(true);
    }
  }

  private void take(FlvTag tag, long now) throws IOException {
    if (tag.isSetup()) {
      setUp(tag);
    } else if (tag.isMedia()) {
      long time = timeline.place(tag, now);
      Track track = tracks.get(tag.kind());
      track.playable |= tag.isKey();
      if (track.playable) {
        media(tag, time, track);
      }
    }
  }

  private void setUp(FlvTag tag) {
    Track track = tracks.get(tag.kind());
    known.found(tag.kind() == FlvTag.Kind.VIDEO, tag.kind() == FlvTag.Kind.AUDIO);
    if (!tag.isSameSetup(track.setup)) {
      track.setup = tag;
      track.playable = false;
    }
  }

  private void media(FlvTag tag, long time, Track track) throws IOException {
    if (!track.seen) {
      track.seen = true;
      known.found(tag.kind() == FlvTag.Kind.VIDEO, tag.kind() == FlvTag.Kind.AUDIO);
    }
    if (isWaiting(tag.kind()) && !track.is(track.next)) {
      begin();
    }
    if (open && inPart.contains(tag.kind()) && track.is(track.used) && !isTurn(tag)) {
      target.take(tag, time - partBegan);
      return;
    }
    track.next = track.setup;
    boolean hasRoom = room.take(MediaRoom.size(tag));
    waiting.add(new Placed(tag, time));
    waitingBytes += hasRoom ? MediaRoom.size(tag) : 0;
    if (!hasRoom || isEnough(tag, time)) {
      begin();
    }
  }

  private boolean isWaiting(FlvTag.Kind kind) {
    return waiting.stream().anyMatch(each -> each.tag().kind() == kind);
  }

  /** Sounds that do not belong into the part wait for the next key picture: until then nothing of its pictures is lost. */
  private boolean isTurn(FlvTag tag) {
    return tag.kind() == FlvTag.Kind.VIDEO && tag.isKey() && !waiting.isEmpty();
  }

  /** A track that was seen once is in every part; before that it is waited for. */
  private boolean isEnough(FlvTag tag, long time) {
    if (waitingBytes > MOST_BYTES_WAITING) {
      return true;
    }
    long waited = time - waiting.get(0).time();
    if (open && tag.kind() == FlvTag.Kind.AUDIO && inPart.contains(FlvTag.Kind.VIDEO)) {
      return waited >= KnownTracks.LONGEST_SEARCH.toMillis();
    }
    Duration wait = BOTH.stream().allMatch(kind -> tracks.get(kind).setup != null) ? KnownTracks.LONGEST_SEARCH : search;
    return open || BOTH.stream().allMatch(kind -> tracks.get(kind).seen) || waited >= wait.toMillis();
  }

  /** With what waits; the part before it ends. */
  private void begin() throws IOException {
    try {
      beginWithAll();
    } finally {
      forget();
    }
  }

  /** What waits is not wanted any more. */
  public void forget() {
    room.release(waitingBytes);
    waiting.clear();
    waitingBytes = 0;
  }

  private void beginWithAll() throws IOException {
    if (open) {
      target.end(false);
      tracks.get(FlvTag.Kind.VIDEO).playable &= isWaiting(FlvTag.Kind.VIDEO);
    }
    open = true;
    inPart.clear();
    BOTH.stream().filter(kind -> tracks.get(kind).seen).forEach(inPart::add);
    partBegan = waiting.stream().mapToLong(Placed::time).min().orElse(0);
    target.begin(inPart.contains(FlvTag.Kind.VIDEO), inPart.contains(FlvTag.Kind.AUDIO));
    for (FlvTag.Kind kind : inPart) {
      Track track = tracks.get(kind);
      track.used = isWaiting(kind) ? track.next : track.setup;
      if (track.used != null) {
        target.take(track.used, 0);
      }
    }
    for (Placed each : waiting) {
      target.take(each.tag(), each.time() - partBegan);
    }
  }

  /** Bytes that came. May be asked by any thread. */
  long received() {
    return received;
  }

  /** How often the sender's clock jumped. */
  int jumps() {
    return timeline.jumps();
  }
}
