package org.reelway.media.container;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where the elements of a container begin and end, and at which sizes the cut file is as whole as any. Written apart
 * from the code under test, and without its care: for whole files only.
 *
 * @param all offsets of all borders, ascending
 * @param whole sizes at which no structure can show that something is missing
 */
record MediaBorders(TreeSet<Long> all, Set<Long> whole) {
  static MediaBorders ofMp4(byte[] file) {
    MediaBorders borders = new MediaBorders(new TreeSet<>(), new TreeSet<>());
    boolean fragment = false;
    for (int at = 0; at < file.length; ) {
      int size = ByteBuffer.wrap(file).getInt(at);
      String type = new String(file, at + 4, 4, java.nio.charset.StandardCharsets.ISO_8859_1);
      at += size;
      borders.all.add((long) at);
      if (fragment && !type.equals("moof")) {
        borders.whole.add((long) at);
      }
      fragment |= type.equals("moof");
    }
    return borders;
  }

  static MediaBorders ofFlv(byte[] file) {
    MediaBorders borders = new MediaBorders(new TreeSet<>(), new TreeSet<>());
    borders.all.add(9L);
    borders.all.add(13L);
    for (int at = 13; at < file.length; ) {
      int data = ByteBuffer.wrap(file).getInt(at) & 0xffffff;
      borders.all.add(at + 11L);
      borders.all.add(at + 11L + data);
      at += 11 + data + 4;
      borders.all.add((long) at);
      borders.whole.add((long) at);
    }
    return borders;
  }

  /** From the second packet on: a single one is not recognised as a stream. */
  static MediaBorders ofPackets(byte[] file, int length, int firstWhole) {
    MediaBorders borders = new MediaBorders(new TreeSet<>(), new TreeSet<>());
    for (long packet = 1; packet * length <= file.length; packet++) {
      borders.all.add(packet * length);
      if (packet >= firstWhole) {
        borders.whole.add(packet * length);
      }
    }
    return borders;
  }

  /** Blocks in clusters; {@code open} for a segment whose size is not known. */
  static MediaBorders ofMatroska(byte[] file, boolean open) {
    MediaBorders borders = new MediaBorders(new TreeSet<>(), new TreeSet<>());
    boolean cluster = false;
    for (int at = 0; at < file.length; ) {
      int idLength = Integer.numberOfLeadingZeros(file[at] & 0xff) - 23;
      int sizeLength = Integer.numberOfLeadingZeros(file[at + idLength] & 0xff) - 23;
      long size = file[at + idLength] & (0xff >> sizeLength);
      for (int i = 1; i < sizeLength; i++) {
        size = size << 8 | (file[at + idLength + i] & 0xff);
      }
      boolean unknown = size == (1L << 7 * sizeLength) - 1;
      int id = ByteBuffer.wrap(file).getInt(at);
      cluster |= id == 0x1F43B675;
      boolean entered = id == 0x18538067 || id == 0x1F43B675 && unknown;
      at += idLength + sizeLength + (entered ? 0 : (int) size);
      borders.all.add((long) at);
      if (open && cluster) {
        borders.whole.add((long) at);
      }
    }
    return borders;
  }
}
