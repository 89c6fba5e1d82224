package org.reelway.recording;

import java.io.IOException;
import java.io.OutputStream;
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

  /** A disk of its own, of so many bytes. */
  public static void smallDisk(Path folder, long bytes, Body body) throws Exception {
    Files.createDirectories(folder);
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", folder.toString()),
        "file systems cannot be mounted here: no disk can be filled up");
    try {
      body.run();
    } finally {
      run("umount", "-l", folder.toString());
    }
  }

  /** Remounts a {@link #smallDisk}. */
  public static void remount(Path folder, boolean readOnly) throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), folder.toString()), "nothing can be remounted here");
  }

  /**
   * Takes all room that is left on the folder's disk.
   *
   * @return the file that takes it
   */
  public static Path fillUp(Path folder) throws IOException {
    Path ballast = folder.resolve("ballast.tmp");
    try (OutputStream out = Files.newOutputStream(ballast)) {
      byte[] some = new byte[4096];
      while (true) {
        out.write(some);
      }
    } catch (IOException full) {
      return ballast;
    }
  }

  /** A file system of its own on the folder, until {@link #unmount}. */
  public static void mountTmpfs(Path folder) throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.toString()), "tmpfs cannot be mounted here");
  }

  /** What is written into {@code lower} then shows in {@code merged}, and makes no event there. */
  public static void mountOverlay(Path lower, Path upper, Path work, Path merged) throws Exception {
    String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    Assumptions.assumeTrue(
        run("mount", "-t", "overlay", "-o", options, "overlay", merged.toString()),
        "overlay file systems cannot be mounted here");
  }

  /** Also where nothing is mounted, or programs still use it. */
  public static void unmount(Path folder) throws Exception {
    run("umount", "-l", folder.toString());
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
