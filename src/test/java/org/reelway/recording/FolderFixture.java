package org.reelway.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A folder that nobody may write, not even root: by a file attribute, where the file system has it. */
final class FolderFixture implements AutoCloseable {
  private final Path folder;

  private FolderFixture(Path folder) {
    this.folder = folder;
  }

  static FolderFixture unwritable(Path folder) throws Exception {
    FolderFixture fixture = new FolderFixture(folder);
    Assumptions.assumeTrue(
        run("chattr", "-R", "+i", folder.toString()), "chattr +i is not permitted here: no folder can be made unwritable");
    return fixture;
  }

  /** A read-only mount of the folder over itself. */
  static AutoCloseable readOnlyMount(Path folder) throws Exception {
    boolean mounted =
        run("mount", "--bind", folder.toString(), folder.toString())
            && run("mount", "-o", "remount,bind,ro", folder.toString());
    if (!mounted) {
      run("umount", folder.toString());
    }
    Assumptions.assumeTrue(mounted, "bind mounts are not permitted here: no folder can be made read-only");
    return () -> run("umount", folder.toString());
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

  @Override
  public void close() throws Exception {
    run("chattr", "-R", "-i", folder.toString());
  }

  static Path file(Path path, String content) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }
}
