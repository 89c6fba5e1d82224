package org.reelway.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;

/** Files to send, below one folder that goes away at the end. */
final class Workload implements AutoCloseable {
  private final Path root;
  private final Path content;
  private final long contentBytes;

  /** @param contentBytes of the one large file whose links are the recordings */
  Workload(Path parent, long contentBytes) throws IOException {
    Files.createDirectories(parent);
    this.root = Files.createTempDirectory(parent, "bench-");
    this.content = root.resolve("content");
    this.contentBytes = contentBytes;
  }

  Path root() {
    return root;
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }

  long contentBytes() {
    return contentBytes;
  }

  /** Random bytes once, then links: every client reads the same pages from memory, and none reads the disk. */
  void large(Path folder, String prefix, int count) throws IOException {
    if (!Files.exists(content)) {
      fill(content, contentBytes);
    }
    for (int i = 0; i < count; i++) {
      Files.createLink(folder.resolve(prefix + i + ".mp4"), content);
    }
  }

  /** Files with holes only: they take no room, and are somewhat cheaper to read. */
  void sparse(Path folder, String prefix, int count, long bytes) throws IOException {
    for (int i = 0; i < count; i++) {
      try (FileChannel channel = open(folder.resolve(prefix + i + ".mp4"))) {
        channel.write(ByteBuffer.wrap(new byte[1]), bytes - 1);
      }
    }
  }

  void small(Path folder, int count, int bytes) throws IOException {
    Random random = new Random(count);
    ByteBuffer block = ByteBuffer.allocate(bytes);
    for (int i = 0; i < count; i++) {
      random.nextBytes(block.clear().array());
      try (FileChannel channel = open(folder.resolve("r" + i + ".mp4"))) {
        channel.write(block);
      }
    }
  }

  private static void fill(Path file, long size) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(1 << 20);
    Random random = new Random(1);
    try (FileChannel channel = open(file)) {
      for (long done = 0; done < size; done += block.capacity()) {
        random.nextBytes(block.array());
        channel.write(block.clear().limit((int) Math.min(block.capacity(), size - done)));
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** Empty markers beside all recordings of the folder, as a media server leaves them. */
  static void mark(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(each -> !isMarker(each)).toList()) {
        Files.createFile(file.resolveSibling(file.getFileName() + ".upload"));
      }
    }
  }

  static boolean isMarker(Path file) {
    return file.getFileName().toString().endsWith(".upload");
  }

  /** Also while somebody else is removing it. */
  void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(folder, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
        Files.deleteIfExists(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  @Override
  public void close() throws IOException {
    remove(root);
  }
}
