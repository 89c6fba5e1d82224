package org.reelway.stream.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.reelway.failure.FileTree;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.LongChild;
import org.reelway.media.process.StuckSockets;
import org.reelway.stream.supervise.FfmpegRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a stream as HLS: ffmpeg packs it into a folder of its own, and we send what is there. Other threads wait for
 * the server. Used by one thread.
 */
final class HlsRun extends FfmpegRun {
  private static final Logger LOG = LoggerFactory.getLogger(HlsRun.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(400);
  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration LAST_CHUNK = Duration.ofSeconds(5);

  private final RelayOrder order;
  private final Path folder;
  private final LongChild child;
  private final HlsUpload upload;
  private final HttpSender sender;
  private final Progress progress = new Progress();
  private Instant progressAt;
  private CompletableFuture<Void> sending;
  private Instant sendingSince;
  private Instant nextSending;
  private Instant endedAt;
  private String trouble = "";
  private boolean refused;
  private boolean sendingLast;
  private boolean lastSent;
  private boolean over;

  private HlsRun(RelayOrder order, Path folder, LongChild child, HlsUpload upload, HttpSender sender, Instant now) {
    super(child, order.source().tracks(), now);
    this.order = order;
    this.folder = folder;
    this.child = child;
    this.upload = upload;
    this.sender = sender;
    this.progressAt = now;
    this.nextSending = now;
  }

  /**
   * @param parent of the folder that it packs into
   * @throws OurFailure it could not be started
   */
  static HlsRun start(
      RelayOrder order, Path ffmpeg, Path parent, HttpSender sender, Map<String, String> environment, Instant now) {
    Path folder = folder(parent, order);
    try {
      Path playlist = folder.resolve("index.m3u8");
      List<String> arguments = new ArrayList<>(RelayRun.input(order));
      arguments.addAll(order.destination().arguments());
      arguments.addAll(
          List.of("-hls_segment_filename", folder.resolve(order.id() + "-%d.ts").toString(), playlist.toString()));
      HlsUpload upload = new HlsUpload(playlist, order.destination().http(), sender.client());
      return new HlsRun(order, folder, LongChild.start(ffmpeg, arguments, environment), upload, sender, now);
    } catch (RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  private static Path folder(Path parent, RelayOrder order) {
    try {
      Files.createDirectories(parent);
      return Files.createTempDirectory(parent, "relay-" + order.id() + "-");
    } catch (IOException e) {
      throw new OurFailure("a stream cannot be packed in " + parent + ": " + e, e);
    }
  }

  @Override
  public void listen(Instant now) {
    hear(
        line -> {
          if (progress.take(line)) {
            progressAt = now;
          }
        },
        now);
    if (sending != null && sending.isDone()) {
      settle(now);
    }
    if (endedAt == null && !child.isAlive()) {
      endedAt = now;
      nextSending = now;
    }
    if (!over && isOver(now)) {
      over = true;
      delete(folder);
    } else if (!over && sending == null && !refused && !now.isBefore(nextSending)) {
      sendingSince = sendingSince == null ? now : sendingSince;
      sendingLast = endedAt != null;
      sending = CompletableFuture.runAsync(upload::send, sender.threads());
    }
  }

  private void settle(Instant now) {
    try {
      sending.join();
      trouble = "";
      sendingSince = null;
      nextSending = now.plus(LOOK_EVERY);
      lastSent = sendingLast;
    } catch (CompletionException e) {
      trouble = e.getCause().getMessage();
      nextSending = now.plus(AGAIN);
      refused = e.getCause() instanceof HlsUpload.Refused;
      if (refused) {
        child.kill();
      }
    }
    sending = null;
  }

  /** ffmpeg has ended, and what it packed is there or has had its time. */
  private boolean isOver(Instant now) {
    return endedAt != null && (refused || lastSent || now.isAfter(endedAt.plus(LAST_CHUNK)));
  }

  /** Nothing happens where it is no folder. */
  static void delete(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        FileTree.delete(folder);
      }
    } catch (IOException e) {
      LOG.warn("{} is of no use any more and cannot be deleted: {}", folder, e.toString());
    }
  }

  @Override
  public boolean isAlive() {
    return super.isAlive() || !over;
  }

  @Override
  public boolean isThrough() {
    return upload.isPublished();
  }

  @Override
  public Duration stalled(Instant now, StuckSockets sockets) {
    Instant since = sendingSince != null && sendingSince.isBefore(progressAt) ? sendingSince : progressAt;
    return stalledSince(since, now);
  }

  @Override
  public long frames() {
    return progress.frames();
  }

  @Override
  public long bytes() {
    return upload.bytes();
  }

  @Override
  public String trouble() {
    return trouble;
  }

  @Override
  public String ending() {
    return trouble.isEmpty() ? super.ending() : trouble;
  }

  @Override
  public boolean isTroubleOfSource() {
    return trouble.isEmpty() && super.isTroubleOfSource();
  }

  @Override
  protected String withoutSecrets(String words) {
    return order.destination().redacted(words);
  }
}
