package org.reelway.media.mp4;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What is written of boxes (ISO/IEC 14496-12, 4.2): bytes, boxes, or a table that is too large for memory. */
public interface BoxContent {
  long size() throws IOException;

  void write(OutputStream out) throws IOException;

  /** A box of parts that are in memory. */
  static byte[] box(String type, byte[]... parts) {
    return bytes(box(type, Stream.of(parts).map(BoxContent::of).toList()));
  }

  /** The same of a full box: a version and flags come first. */
  static byte[] full(String type, int version, int flags, byte[]... parts) {
    return bytes(full(type, version, flags, Stream.of(parts).map(BoxContent::of).toArray(BoxContent[]::new)));
  }

  private static byte[] bytes(BoxContent content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      content.write(out);
    } catch (IOException memoryNeverFails) {
      throw new UncheckedIOException(memoryNeverFails);
    }
    return out.toByteArray();
  }

  static BoxContent of(byte[] bytes) {
    return new BoxContent() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void write(OutputStream out) throws IOException {
        out.write(bytes);
      }
    };
  }

  static BoxContent of(Path file) {
    return new BoxContent() {
      @Override
      public long size() throws IOException {
        return Files.size(file);
      }

      @Override
      public void write(OutputStream out) throws IOException {
        Files.copy(file, out);
      }
    };
  }

  static BoxContent box(String type, BoxContent... parts) {
    return box(type, List.of(parts));
  }

  static BoxContent box(String type, List<BoxContent> parts) {
    return new BoxContent() {
      @Override
      public long size() throws IOException {
        long size = Box.HEADER;
        for (BoxContent part : parts) {
          size += part.size();
        }
        if (size > 0xffffffffL) {
          throw new IOException("a box " + type + " of " + size + " bytes: the recording is too long for one file");
        }
        return size;
      }

      @Override
      public void write(OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(Box.HEADER).putInt((int) size()).put(type.getBytes(StandardCharsets.ISO_8859_1)).array());
        for (BoxContent part : parts) {
          part.write(out);
        }
      }
    };
  }

  static BoxContent full(String type, int version, int flags, BoxContent... parts) {
    BoxContent head = of(ByteBuffer.allocate(Integer.BYTES).putInt(version << 24 | flags).array());
    return box(type, Stream.concat(Stream.of(head), Arrays.stream(parts)).toList());
  }
}
