package org.reelway.conference.mixer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Changes the index of an MP4 that has it at its end. */
final class EditedMp4 {
  private EditedMp4() {}

  /**
   * Gives tracks other edit lists: all of them the same one, or each its own.
   *
   * @param lists entries of length and media time in milliseconds; -1 for a pause
   */
  @SafeVarargs
  static void rewrite(Path file, List<long[]>... lists) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int moov = text(bytes).indexOf("moov") - 4;
    int[] track = {0};
    byte[] changed = rewritten(bytes, moov, lists, track);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(bytes, 0, moov);
    all.writeBytes(changed);
    Files.write(file, all.toByteArray());
  }

  private static byte[] rewritten(byte[] bytes, int at, List<long[]>[] lists, int[] track) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int size = buffer.getInt(at);
    String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (type.equals("elst")) {
      body.writeBytes(entries(lists[Math.min(track[0]++, lists.length - 1)], timescale(bytes, at)));
    } else if (List.of("moov", "trak", "edts").contains(type)) {
      for (int inner = at + 8; inner < at + size; inner += buffer.getInt(inner)) {
        body.writeBytes(rewritten(bytes, inner, lists, track));
      }
    } else {
      body.write(bytes, at + 8, size - 8);
    }
    ByteArrayOutputStream box = new ByteArrayOutputStream();
    box.writeBytes(ByteBuffer.allocate(4).putInt(body.size() + 8).array());
    box.writeBytes(type.getBytes(StandardCharsets.ISO_8859_1));
    box.writeBytes(body.toByteArray());
    return box.toByteArray();
  }

  /** Of the media whose list it is; the list itself comes first in a track. */
  private static long timescale(byte[] bytes, int elst) {
    return ByteBuffer.wrap(bytes).getInt(text(bytes).indexOf("mdhd", elst) + 16);
  }

  private static byte[] entries(List<long[]> list, long timescale) {
    ByteBuffer all = ByteBuffer.allocate(8 + 12 * list.size()).putInt(0).putInt(list.size());
    for (long[] each : list) {
      all.putInt((int) each[0]).putInt(each[1] < 0 ? -1 : (int) (each[1] * timescale / 1000)).putInt(0x10000);
    }
    return all.array();
  }

  static void recode(Path file, String from, String to) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = text(bytes).lastIndexOf(from);
    System.arraycopy(to.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, at, 4);
    Files.write(file, bytes);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
