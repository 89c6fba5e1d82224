package org.reelway.recorder;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reelway.process.LongChild;
import org.reelway.process.StuckSockets;
import org.reelway.supervise.FfmpegRun;
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

  /** Codecs as they are. */
  public static final List<String> COPIED = List.of("-c", "copy");

  private final RecorderOrder order;
  private final LongChild child;
  private final FragmentCutter cutter;
  private final FragmentCutter.Pieces pieces;
  private final Thread writer;
  private volatile String failure = "";
  private Instant grownAt;
  private long bytesSeen;

  private RecorderRun(RecorderOrder order, LongChild child, FragmentCutter.Pieces pieces, Instant now) {
    super(child, order.source().tracks(), now);
    this.order = order;
    this.child = child;
    this.pieces = pieces;
    this.cutter = new FragmentCutter(child.output(), order.rotation(), pieces);
    this.grownAt = now;
    this.writer = new Thread(this::write, "recorder " + order.id());
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
    return new RecorderRun(order, LongChild.start(ffmpeg, arguments(order, codecs), environment), pieces, now);
  }

  private static List<String> arguments(RecorderOrder order, List<String> codecs) {
    List<String> all = new ArrayList<>(arguments(order.source().input()));
    all.addAll(codecs);
    all.addAll(OUTPUT);
    return all;
  }

  private void write() {
    try {
      cutter.run();
    } catch (IOException | RuntimeException e) {
      failure = "the recording cannot be written: " + e.getMessage();
      LOG.error("stream {} cannot be recorded to {}: {}", order.stream(), order.folder(), e.toString());
      child.kill();
    }
  }

  @Override
  public void listen(Instant now) {
    hearErrors(now);
    if (cutter.bytes() > bytesSeen) {
      bytesSeen = cutter.bytes();
      grownAt = now;
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
    return stalledSince(grownAt, now);
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
