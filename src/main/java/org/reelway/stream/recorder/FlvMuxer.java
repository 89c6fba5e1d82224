package org.reelway.stream.recorder;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.reelway.media.ffmpeg.AllowedInputs;
import org.reelway.media.process.LongChild;

/**
 * Has an ffmpeg of its own make MP4 of each part of a stream that comes as FLV: it knows one setup of decoders only. Used by one
 * thread, but for what is said otherwise.
 */
final class FlvMuxer implements FlvParts.Target {
  /** All tracks are there from the beginning: only a part of one kind is looked at for so long, as another could come. */
  private static final List<String> ONE_KIND = List.of("-analyzeduration", "200000");
  private static final List<String> BOTH_KINDS = List.of("-analyzeduration", "60000000", "-probesize", "64000000");

  private final Path ffmpeg;
  private final Map<String, String> environment;
  private final List<String> codecs;
  private final String name;
  private final FragmentCutter cutter;
  private volatile LongChild child;
  private volatile boolean last;
  private volatile Exception failure;
  private volatile boolean ended;
  private Thread writer;
  private OutputStream input;

  /**
   * @param codecs ffmpeg's arguments for them
   * @param name of the thread that writes files
   */
  FlvMuxer(Path ffmpeg, Map<String, String> environment, List<String> codecs, String name, FragmentCutter cutter) {
    this.ffmpeg = ffmpeg;
    this.environment = environment;
    this.codecs = codecs;
    this.name = name;
    this.cutter = cutter;
  }

  @Override
  public void begin(boolean video, boolean audio) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-hide_banner", "-nostats", "-nostdin", "-loglevel", "warning"));
    arguments.addAll(AllowedInputs.flvFromUs());
    arguments.addAll(video && audio ? BOTH_KINDS : ONE_KIND);
    arguments.addAll(List.of("-f", "flv", "-i", "pipe:0", "-map", "0:v?", "-map", "0:a?"));
    arguments.addAll(codecs);
    arguments.addAll(RecorderRun.OUTPUT);
    LongChild next = LongChild.start(ffmpeg, arguments, environment);
    child = next;
    if (ended) {
      next.kill();
    }
    input = next.input();
    writer = new Thread(() -> write(next), name);
    writer.setDaemon(true);
    writer.start();
    input.write(FlvTag.fileHeader(video, audio));
  }

  private void write(LongChild from) {
    try {
      cutter.run(from.output(), () -> last);
    } catch (IOException | RuntimeException e) {
      failure = e;
      from.kill();
    }
  }

  @Override
  public void take(FlvTag tag, long time) throws IOException {
    tag.write(input, time);
    input.flush();
    // What it says would hold it up, were it not taken.
    child.listenToErrors(line -> {});
  }

  @Override
  public void end(boolean isLast) throws IOException {
    last = isLast;
    try {
      input.close();
    } finally {
      join();
    }
  }

  /** Waits until what came is in files. @throws IOException where it is not */
  private void join() throws IOException {
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      if (failure instanceof RuntimeException ours) {
        throw ours;
      }
      throw (IOException) failure;
    }
  }

  /**
   * A part cannot be gone on with; what came of it is finished.
   *
   * @param what failed; a write tells only that ffmpeg has ended
   * @throws IOException why
   */
  void giveUp(IOException what) throws IOException {
    if (writer == null) {
      throw what;
    }
    last = true;
    child.listenToErrors(line -> {});
    child.kill();
    join();
    child.listenToErrors(line -> {});
    throw child.lastWords().isEmpty() ? what : new IOException("ffmpeg: " + child.lastWords(), what);
  }

  /** Ends it without more ado. May be called by any thread. */
  void kill() {
    ended = true;
    LongChild now = child;
    if (now != null) {
      now.kill();
    }
  }
}
