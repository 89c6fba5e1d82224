package org.reelway.stream.relay;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.reelway.media.process.Orphans;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.Task;
import org.reelway.stream.supervise.TaskRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All relays: streams that ffmpeg copies to destinations. Safe for several threads. */
public final class Relays {
  private static final Logger LOG = LoggerFactory.getLogger(Relays.class);

  private final Supervisor supervisor;
  private final Supplier<Path> ffmpeg;
  private final Path folder;
  private final Orphans orphans;
  private final Duration stallAfter;
  private final Authorities authorities;
  private final HttpSender http;

  /**
   * @param ffmpeg the program, asked for when the first relay starts
   * @param folder of our own, for what relays must keep secret for a moment
   */
  public Relays(
      Supervisor supervisor, Supplier<Path> ffmpeg, Path folder, Orphans orphans, Duration stallAfter,
      Authorities authorities) {
    this.supervisor = supervisor;
    this.ffmpeg = ffmpeg;
    this.folder = folder;
    this.orphans = orphans;
    this.stallAfter = stallAfter;
    this.authorities = authorities;
    this.http = new HttpSender(authorities, stallAfter);
    deleteLeft();
  }

  /** Those of a Reelway that was killed, and what it packed. */
  private void deleteLeft() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "relay-*")) {
      for (Path each : left) {
        HlsRun.delete(each);
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      LOG.warn("{} may hold secrets of relays that have ended: {}", folder, e.toString());
    }
  }

  /**
   * Sends the stream to the destination until {@link #stop}; nothing happens where that is done already.
   *
   * @return the relay's id
   */
  String start(RelayOrder order) {
    return start(
        new Task(
            order.id(), order.stream(), order.destination().shown(), order.destination().group(),
            now -> begin(order, now)));
  }

  /** Likewise, where somebody else than ffmpeg does it. */
  String start(Task task) {
    supervisor.start(task);
    return task.id();
  }

  private TaskRun begin(RelayOrder order, Instant now) {
    return order.destination().http() == null
        ? RelayRun.start(order, ffmpeg.get(), folder, authorities, orphans.environment(), stallAfter, now)
        : HlsRun.start(order, ffmpeg.get(), folder, http, orphans.environment(), now);
  }

  /** How long nothing may go through. */
  Duration stallAfter() {
    return stallAfter;
  }

  /** Nobody wants it any more: it finishes what it has and ends. */
  void stop(String id) {
    supervisor.stop(id);
  }
}
