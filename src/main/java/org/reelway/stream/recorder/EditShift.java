package org.reelway.stream.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.reelway.media.mp4.Box;
import org.reelway.media.mp4.BoxContent;
import org.reelway.media.mp4.EditEntry;

/** How a track's own time becomes that of its file, by an edit list as ffmpeg writes it. */
public final class EditShift {
  private static final int LARGEST = 1 << 20;

  private EditShift() {}

  /**
   * Of at most one edit that waits, then one that begins at a time of the media.
   *
   * @param timescale units of the media in a second; @param movieTimescale units of the list in a second
   * @return seconds from a sample's own time to its time in the file; 0 where there is no list
   */
  public static double of(Box trak, long timescale, long movieTimescale) throws IOException {
    double skipped =
        edits(trak).stream().mapToLong(EditEntry::mediaTime).filter(time -> time >= 0).findFirst().orElse(0);
    return waits(trak, movieTimescale) - skipped / timescale;
  }

  /** Seconds of the file before the track begins. */
  static double waits(Box trak, long movieTimescale) throws IOException {
    return edits(trak).stream().takeWhile(edit -> edit.mediaTime() < 0)
        .mapToDouble(edit -> (double) edit.length() / Math.max(1, movieTimescale)).sum();
  }

  private static List<EditEntry> edits(Box trak) throws IOException {
    Optional<Box> list = trak.find("edts", "elst");
    return list.isPresent() ? EditEntry.of(list.get()) : List.of();
  }

  /** The track's box with a list that does not wait. */
  static byte[] withoutWait(Box trak) throws IOException {
    ByteArrayOutputStream boxes = new ByteArrayOutputStream();
    for (Box box = trak.first(); box != null; box = box.next()) {
      boxes.writeBytes(box.is("edts") ? BoxContent.box("edts", list(edits(trak))) : box.whole(LARGEST));
    }
    return BoxContent.box("trak", boxes.toByteArray());
  }

  private static byte[] list(List<EditEntry> edits) {
    List<EditEntry> kept = edits.size() > 1 && edits.get(0).mediaTime() < 0 ? edits.subList(1, edits.size()) : edits;
    ByteBuffer list = ByteBuffer.allocate(4 + 20 * kept.size()).putInt(kept.size());
    kept.forEach(edit -> list.putLong(edit.length()).putLong(edit.mediaTime()).putInt(edit.rate()));
    return BoxContent.full("elst", 1, 0, list.array());
  }
}
