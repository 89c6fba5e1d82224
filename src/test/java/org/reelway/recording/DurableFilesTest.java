package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
  private static final Path OTHER_FILE_SYSTEM = Path.of("/dev/shm");

  @TempDir Path folder;
  private Path elsewhere;

  /** From there no file can have a second name here. */
  private Path fileElsewhere(int size) throws Exception {
    assumeTrue(Files.isWritable(OTHER_FILE_SYSTEM), OTHER_FILE_SYSTEM + " is not there");
    assumeFalse(Files.getFileStore(OTHER_FILE_SYSTEM).equals(Files.getFileStore(folder)), "one file system only");
    elsewhere = Files.createTempFile(OTHER_FILE_SYSTEM, "reelway-test-", ".mp4");
    try (RandomAccessFile file = new RandomAccessFile(elsewhere.toFile(), "rw")) {
      file.setLength(size);
    }
    return elsewhere;
  }

  @AfterEach
  void delete() throws Exception {
    if (elsewhere != null) {
      Files.deleteIfExists(elsewhere);
    }
  }

  @Test
  void aSecondNameIsOfTheSameFile() throws Exception {
    Path file = Files.writeString(folder.resolve("a.mp4"), "media");

    DurableFiles.link(file, folder.resolve("b.mp4"));

    assertThat(FileIdentity.of(folder.resolve("b.mp4"))).isEqualTo(FileIdentity.of(file));
  }

  @Test
  void whereNoSecondNameCanBeTheCopyIsWholeAsSoonAsItHasItsName() throws Exception {
    int size = 200_000_000;
    Path file = fileElsewhere(size);
    Path name = folder.resolve("copy.mp4");

    CompletableFuture<Long> firstSeen = CompletableFuture.supplyAsync(() -> {
      while (!name.toFile().exists()) {
        Thread.onSpinWait();
      }
      return name.toFile().length();
    });
    DurableFiles.link(file, name);

    assertThat(firstSeen.get()).isEqualTo(size);
    assertThat(name).hasSameBinaryContentAs(file);
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all).containsExactly(name);
    }
  }

  @Test
  void whatAKillLeftOfACopyIsReplacedByTheNext() throws Exception {
    Path file = fileElsewhere(1000);
    Path name = folder.resolve("copy.mp4");
    Files.writeString(folder.resolve(Leftovers.nameFor(name)), "half");

    DurableFiles.link(file, name);

    assertThat(name).hasSameBinaryContentAs(file);
    assertThat(folder.resolve(Leftovers.nameFor(name))).doesNotExist();
  }

  @Test
  void whatHasTheNameIsNeverReplaced() throws Exception {
    Path other = Files.writeString(folder.resolve("other.mp4"), "another's");
    Path file = Files.writeString(folder.resolve("a.mp4"), "media");

    assertThatThrownBy(() -> DurableFiles.link(file, other)).isInstanceOf(FileAlreadyExistsException.class);
    Path far = fileElsewhere(1000);
    assertThatThrownBy(() -> DurableFiles.link(far, other)).isInstanceOf(FileAlreadyExistsException.class);

    assertThat(other).hasContent("another's");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }
}
