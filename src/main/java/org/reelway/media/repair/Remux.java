package org.reelway.media.repair;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.AllowedInputs;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;

/** Copies the streams of what can be read of a file into a new container, without touching a picture. */
final class Remux {
  /** Where less than this share leads from the start without a fault, ffmpeg looks for what comes behind the fault. */
  private static final double MOSTLY_SOUND = 0.95;

  private final BackgroundFfmpeg ffmpeg;
  private final RepairedCheck check;

  Remux(BackgroundFfmpeg ffmpeg, RepairedCheck check) {
    this.ffmpeg = ffmpeg;
    this.check = check;
  }

  /**
   * @param out in a folder that exists
   * @throws InputFailure nothing sound came of it
   */
  Repaired repair(Path file, BrokenMedia media, Path out) throws IOException, InterruptedException {
    boolean prefix = media.usable() < media.size() && media.usableShare() >= MOSTLY_SOUND;
    long used = prefix ? media.usable() : media.size();
    List<String> arguments = new ArrayList<>(AllowedInputs.file());
    arguments.addAll(List.of("-fflags", "+discardcorrupt+genpts", "-i", input(file, used)));
    arguments.addAll(streams(media.kind()));
    arguments.addAll(List.of("-c", "copy", "-fflags", "+bitexact", "-max_muxing_queue_size", "4096"));
    arguments.addAll(muxing(file, media.kind()));
    arguments.add("file:" + out);
    ffmpeg.run(arguments);
    RepairedCheck.Sound sound = check.check(out);
    RepairReport report =
        new RepairReport(
            media.kind().words(), RepairReport.Method.REMUX, sound.tracks(), sound.seconds(), media.size(), used, null,
            null);
    return new Repaired(java.util.Optional.of(out), report);
  }

  /** ffmpeg's own way to read a part of a file; no name can be taken for an option or another protocol. */
  private static String input(Path file, long end) throws IOException {
    String path = "file:" + file.toAbsolutePath();
    return end < Files.size(file) ? "subfile,,start,0,end," + end + ",,:" + path : path;
  }

  private static List<String> streams(MediaKind kind) {
    if (kind == MediaKind.MATROSKA || kind == MediaKind.TS) {
      return List.of("-map", "0", "-ignore_unknown");
    }
    return List.of("-map", "0:v?", "-map", "0:a?");
  }

  private static List<String> muxing(Path file, MediaKind kind) {
    if (kind.isMp4()) {
      String name = file.getFileName().toString().toLowerCase(java.util.Locale.ROOT);
      String muxer = name.contains(".mov") || name.contains(".qt") ? "mov" : kind.muxer();
      return List.of("-movflags", "+faststart", "-f", muxer);
    }
    if (kind == MediaKind.TS) {
      return List.of("-copyts", "-mpegts_copyts", "1", "-muxdelay", "0", "-muxpreload", "0", "-f", kind.muxer());
    }
    return List.of("-f", kind.muxer());
  }
}
