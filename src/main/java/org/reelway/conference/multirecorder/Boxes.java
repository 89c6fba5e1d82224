package org.reelway.conference.multirecorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Boxes to be written (ISO/IEC 14496-12, 4.2), of bytes, of other boxes, or of a table that is too large for memory. */
final class Boxes {
  private Boxes() {}

  /** Something of a known size that can be written. */
  interface Content {
    long size() throws IOException;

    void write(OutputStream out) throws IOException;
  }

  static Content bytes(byte[] bytes) {
    return new Content() {
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

  static Content file(Path file) {
    return new Content() {
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

  static Content box(String type, Content... content) {
    return box(type, List.of(content));
  }

  static Content box(String type, List<Content> content) {
    return new Content() {
      @Override
      public long size() throws IOException {
        long size = 8;
        for (Content each : content) {
          size += each.size();
        }
        if (size > 0xffffffffL) {
          throw new IOException("a box " + type + " of " + size + " bytes: the recording is too long for one file");
        }
        return size;
      }

      @Override
      public void write(OutputStream out) throws IOException {
        out.write(ByteBuffer.allocate(8).putInt((int) size()).put(type.getBytes(StandardCharsets.ISO_8859_1)).array());
        for (Content each : content) {
          each.write(out);
        }
      }
    };
  }

  /** A box with a version and flags before its content. */
  static Content full(String type, int version, int flags, Content... content) {
    Content head = bytes(ByteBuffer.allocate(4).putInt(version << 24 | flags).array());
    List<Content> all = new java.util.ArrayList<>(List.of(head));
    all.addAll(List.of(content));
    return box(type, all);
  }

  /** Whole in memory; for small ones. */
  static byte[] bytes(Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.write(out);
    return out.toByteArray();
  }
}
