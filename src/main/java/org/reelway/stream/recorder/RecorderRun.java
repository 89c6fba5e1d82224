package org.reelway.stream.recorder;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reelway.failure.LogSubject;
import org.reelway.media.process.LongChild;
import org.reelway.media.process.StuckSockets;
import org.reelway.stream.supervise.FfmpegRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of ffmpeg that copies a stream to files. A thread of its own takes what ffmpeg gives. */
public final class RecorderRun extends FfmpegRun {
  private static final Logger LOG = LoggerFactory.getLogger(RecorderRun.class);
  /** Fragments of a second, or from one key picture to the next: what a crash may cost. */
  static final List<String> OUTPUT =
      List.of(
          "-f", "mp4", "-movflags", "frag_keyframe+delay_moov+default_base_moof+skip_trailer", "-frag_duration", "1000000",
          "pipe:1");

  private static final Duration BEGINNING = Duration.ofSeconds(30);

  private final RecorderOrder order;
  private final LongChild child;
  private final FragmentCutter cutter;
  private final FragmentCutter.Pieces pieces;
  /** Both null where one ffmpeg does it all. */
  private final FlvMuxer muxer;
  private final FlvParts parts;
  private final Thread writer;
  private final Instant startedAt;
  private volatile String failure = "";
  private volatile boolean isNoFlv;
  private Instant grownAt;
  private Instant killMuxerAt;
  private long bytesSeen;

  private RecorderRun(
      RecorderOrder order, LongChild child, FragmentCutter.Pieces pieces, FragmentCutter cutter, FlvMuxer muxer, Instant now) {
    super(child, order.source().tracks(), now);
    this.order = order;
    this.child = child;
    this.pieces = pieces;
    this.cutter = cutter;
    this.muxer = muxer;
    this.parts = muxer == null ? null : new FlvParts(order.source().tracks(), muxer);
    this.startedAt = now;
    this.grownAt = now;
    this.writer = new Thread(() -> LogSubject.of(LogSubject.STREAM, order.stream()).during(this::write), "recorder " + order.id());
    writer.setDaemon(true);
    writer.start();
  }

  static RecorderRun start(
      RecorderOrder order, RecordedStream stream, Path ffmpeg, Map<String, String> environment, RecordedFiles files,
      Clock clock) {
    return start(order, COPIED, ffmpeg, environment, new RecordedPieces(order, stream, files, clock), clock.instant());
  }

  /**
   * Records to files of somebody else's.
   *
   * @param order whose name and folder are not used
   * @param codecs ffmpeg's arguments for them, {@link #COPIED} for as they are
   * @param environment of the child, beside ours
   * @throws org.reelway.failure.OurFailure it could not be started
   */
  public static RecorderRun start(
      RecorderOrder order, List<String> codecs, Path ffmpeg, Map<String, String> environment,
      FragmentCutter.Pieces pieces, Instant now) {
    FragmentCutter cutter = new FragmentCutter(order.rotation(), pieces);
    if (!order.source().mayBeFlv()) {
      return new RecorderRun(
          order, LongChild.start(ffmpeg, arguments(order, codecs), environment), pieces, cutter, null, now);
    }
    FlvMuxer muxer = new FlvMuxer(ffmpeg, environment, codecs, "recorder " + order.id(), cutter);
    return new RecorderRun(order, LongChild.start(ffmpeg, bytes(order), environment), pieces, cutter, muxer, now);
  }

  private static List<String> bytes(RecorderOrder order) {
    List<String> all = new ArrayList<>(LOG_OPTIONS);
    all.addAll(order.source().bytes());
    all.addAll(List.of("-map", "0", "-c", "copy", "-flush_packets", "1", "-f", "data", "pipe:1"));
    return all;
  }

  private static List<String> arguments(RecorderOrder order, List<String> codecs) {
    List<String> all = new ArrayList<>(arguments(order.source().input()));
    all.addAll(codecs);
    all.addAll(OUTPUT);
    return all;
  }

  private void write() {
    try {
      if (muxer == null) {
        cutter.run(child.output(), () -> true);
      } else {
        writeParts(new BufferedInputStream(child.output(), 64 * 1024));
      }
    } catch (IOException | RuntimeException e) {
      failure = "the recording cannot be written: " + e.getMessage();
      LOG.error("stream {} cannot be recorded to {}: {}", order.stream(), order.folder(), e.toString());
      child.kill();
      if (muxer != null) {
        muxer.kill();
      }
    }
  }

  private void writeParts(InputStream in) throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      // It has ended before it said anything.
      return;
    }
    in.reset();
    if (!FlvTag.begins(in)) {
      isNoFlv = true;
      order.source().tracks().isNoFlv();
      return;
    }
    try {
      parts.read(in);
    } catch (IOException e) {
      muxer.giveUp(e);
    }
    if (parts.jumps() > 0) {
      LOG.info("the clock of stream {} jumped {} times; its recording goes on without the jumps", order.stream(), parts.jumps());
    }
  }

  @Override
  public void listen(Instant now) {
    hearErrors(now);
    long bytes = cutter.bytes() + (parts == null ? 0 : parts.received());
    if (bytes > bytesSeen) {
      bytesSeen = bytes;
      grownAt = now;
    }
  }

  @Override
  public String outdated() {
    return isNoFlv ? "it is no FLV" : super.outdated();
  }

  /** What an ffmpeg holds that only gives bytes is nothing: it ends at once, and files are finished by the other one. */
  @Override
  public void end(Instant now, Duration grace) {
    if (muxer == null) {
      super.end(now, grace);
    } else {
      child.kill();
      killMuxerAt = killMuxerAt == null ? now.plus(grace.multipliedBy(2)) : killMuxerAt;
      if (now.isAfter(killMuxerAt)) {
        muxer.kill();
      }
    }
  }

  @Override
  public boolean isThrough() {
    return cutter.bytes() > 0;
  }

  /** Also while the last file is being finished. */
  @Override
  public boolean isAlive() {
    return super.isAlive() || writer.isAlive();
  }

  @Override
  public Duration stalled(Instant now, StuckSockets sockets) {
    // A server may say nothing until the next key picture, and only in the beginning.
    boolean begins = parts != null && parts.received() == 0;
    return begins ? Duration.between(startedAt.plus(BEGINNING), now) : stalledSince(grownAt, now);
  }

  @Override
  public long frames() {
    return cutter.frames();
  }

  @Override
  public long bytes() {
    return cutter.bytes();
  }

  @Override
  public String ending() {
    return failure.isEmpty() ? super.ending() : failure;
  }

  /** It has none: streams are read from the media server beside us. */
  @Override
  protected String withoutSecrets(String words) {
    return words;
  }

  @Override
  public boolean isTroubleOfSource() {
    return failure.isEmpty();
  }

  /** The file that is written now; null for none. */
  OpenFile file() {
    return pieces.current();
  }
}
