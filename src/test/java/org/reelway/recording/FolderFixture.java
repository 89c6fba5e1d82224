package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Folders that nobody may write, not even root. */
public final class FolderFixture {
  private FolderFixture() {}

  /** What is done while the folder cannot be written. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /** By a file attribute, where the file system has it. */
  public static void unwritable(Path folder, Body body) throws Exception {
    Assumptions.assumeTrue(
        run("chattr", "-R", "+i", folder.toString()), "chattr +i is not permitted here: no folder can be made unwritable");
    try {
      body.run();
    } finally {
      run("chattr", "-R", "-i", folder.toString());
    }
  }

  /** By a read-only mount of the folder over itself. */
  public static void readOnlyMount(Path folder, Body body) throws Exception {
    Assumptions.assumeTrue(
        run("mount", "--bind", folder.toString(), folder.toString()),
        "bind mounts are not permitted here: no folder can be made read-only");
    try {
      Assumptions.assumeTrue(
          run("mount", "-o", "remount,bind,ro", folder.toString()), "mounts cannot be made read-only here");
      body.run();
    } finally {
      run("umount", folder.toString());
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  public static Path file(Path path, String content) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }
}
