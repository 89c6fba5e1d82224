package org.reelway.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes that can be filled: a tmpfs, which only root may mount. */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Skips the test, and says so, where nothing may be mounted. */
  public static SmallDisk mount(Path folder, int mebibytes, int inodes) throws IOException {
    Files.createDirectories(folder);
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,nr_inodes=" + inodes, "tmpfs", folder.toString());
    Assumptions.assumeTrue(mounted, "a small file system can be mounted here (needs root)");
    return new SmallDisk(folder.toRealPath());
  }

  public Path folder() {
    return folder;
  }

  private static boolean run(String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    assertThat(run("umount", "-l", folder.toString())).isTrue();
  }
}
