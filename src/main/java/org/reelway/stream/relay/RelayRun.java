package org.reelway.stream.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.reelway.failure.OurFailure;
import org.reelway.media.process.LongChild;
import org.reelway.media.process.StuckSockets;
import org.reelway.settings.DestinationUri;
import org.reelway.stream.supervise.FfmpegRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of ffmpeg that copies a stream to a destination. Used by one thread. */
final class RelayRun extends FfmpegRun {
  private static final Logger LOG = LoggerFactory.getLogger(RelayRun.class);

  private final RelayOrder order;
  private final Path preset;
  private final LongChild child;
  private final Progress progress = new Progress();
  private Instant progressAt;
  private Instant stuckSince;

  private RelayRun(RelayOrder order, Path preset, LongChild child, Instant now) {
    super(child, order.source().tracks(), now);
    this.order = order;
    this.preset = preset;
    this.child = child;
    this.progressAt = now;
  }

  /**
   * @param folder for the file with what is secret, which lives until ffmpeg has read it
   * @param environment of the child, beside ours
   * @throws OurFailure it could not be started
   */
  static RelayRun start(
      RelayOrder order, Path ffmpeg, Path folder, Authorities authorities, Map<String, String> environment,
      Duration stallAfter, Instant now) {
    Path preset = order.destination().secrets().isEmpty() ? null : preset(order, folder);
    try {
      LongChild child = LongChild.start(ffmpeg, arguments(order, preset, authorities, stallAfter), environment);
      return new RelayRun(order, preset, child, now);
    } catch (RuntimeException e) {
      delete(preset);
      throw e;
    }
  }

  private static Path preset(RelayOrder order, Path folder) {
    String lines =
        order.destination().secrets().stream()
            .map(secret -> secret.option() + "=" + secret.value() + "\n")
            .collect(Collectors.joining());
    try {
      Files.createDirectories(folder);
      Path file =
          folder.getFileSystem().supportedFileAttributeViews().contains("posix")
              ? Files.createTempFile(
                  folder, "relay-", ".ffpreset",
                  PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
              : Files.createTempFile(folder, "relay-", ".ffpreset");
      Files.writeString(file, lines, StandardCharsets.UTF_8, StandardOpenOption.TRUNCATE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new OurFailure("what a relay must keep secret cannot be written in " + folder + ": " + e, e);
    }
  }

  /** The source, and that it is copied. */
  static List<String> input(RelayOrder order) {
    List<String> all = new ArrayList<>(arguments(order.source().input()));
    all.addAll(COPIED);
    all.addAll(List.of("-progress", "pipe:1", "-stats_period", "1"));
    return all;
  }

  private static List<String> arguments(RelayOrder order, Path preset, Authorities authorities, Duration stallAfter) {
    String micros = String.valueOf(stallAfter.toNanos() / 1000);
    Destination destination = order.destination();
    List<String> all = new ArrayList<>(input(order));
    if (preset != null) {
      all.addAll(List.of("-fpre", preset.toString()));
    }
    if (destination.isTls()) {
      Path trusted = authorities.file(DestinationUri.isName(destination.host()));
      all.addAll(List.of("-tls_verify", "1", "-ca_file", trusted.toString()));
    }
    if (destination.arguments().contains("-rtmp_app")) {
      all.addAll(List.of("-rtmp_flashver", order.mark(), "-rw_timeout", micros));
    }
    all.addAll(destination.arguments());
    return all;
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
    if (preset != null && (progress.hasBegun() || !child.isAlive())) {
      delete(preset);
    }
  }

  private static void delete(Path preset) {
    try {
      if (preset != null) {
        Files.deleteIfExists(preset);
      }
    } catch (IOException e) {
      LOG.warn("{} holds what is secret and cannot be deleted: {}", preset, e.toString());
    }
  }

  @Override
  public boolean isThrough() {
    return progress.isSteady();
  }

  @Override
  public Duration stalled(Instant now, StuckSockets sockets) {
    stuckSince = !sockets.has(child.pid()) ? null : stuckSince == null ? now : stuckSince;
    Instant since = stuckSince != null && stuckSince.isBefore(progressAt) ? stuckSince : progressAt;
    return stalledSince(since, now);
  }

  @Override
  public long frames() {
    return progress.frames();
  }

  @Override
  public long bytes() {
    return progress.bytes();
  }

  @Override
  protected String withoutSecrets(String words) {
    return order.destination().redacted(words);
  }
}
