package org.reelway.media.repair;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.reelway.failure.InputFailure;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;

/** Makes a playable file of a broken one, or says why that is not possible. Never changes the broken one. */
public final class MediaRepair {
  private final Remux remux;
  private final TemplateRebuild rebuild;

  public MediaRepair(BackgroundFfmpeg ffmpeg) {
    RepairedCheck check = new RepairedCheck(ffmpeg);
    this.remux = new Remux(ffmpeg, check);
    this.rebuild = new TemplateRebuild(ffmpeg, check);
  }

  /**
   * @param media what the file holds
   * @param work an empty folder of this repair alone
   * @param templates recordings that may have come from the same encoder, the likeliest first
   * @return the repaired file is fsynced, and as old as the broken one
   */
  public Repaired repair(Path file, BrokenMedia media, Path work, List<Path> templates)
      throws IOException, InterruptedException {
    Path out = work.resolve("repaired." + media.kind().extension());
    Repaired repaired;
    try {
      repaired =
          media.kind() == MediaKind.MP4_WITHOUT_INDEX
              ? rebuild.repair(file, media, out, templates)
              : remux.repair(file, media, out);
    } catch (InputFailure nothingSound) {
      String why = nothingSound.getMessage();
      return new Repaired(Optional.empty(), RepairReport.none(media.kind().words(), media.size(), why));
    }
    if (repaired.file().isPresent()) {
      Files.setLastModifiedTime(out, FileTime.from(Files.getLastModifiedTime(file).toInstant()));
      try (FileChannel channel = FileChannel.open(out, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
    return repaired;
  }
}
