package org.reelway.media.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplatesTest {
  @TempDir Path folder;

  private Path file(String name) throws Exception {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "media");
  }

  @Test
  void theSameNameInAFolderBesideComesBeforeAnotherNameInItsOwn() throws Exception {
    Path broken = file("rec/s-2/cam1_0002.mp4");
    Path own = file("rec/s-2/cam1_0001.mp4");
    Path otherName = file("rec/s-2/door.mp4");
    Path beside = file("rec/s-1/cam1_0007.mp4");
    file("rec/.work/cam1_0008.mp4");
    file("rec/s-1/deeper/cam1_0009.mp4");

    assertThat(new Templates().of(broken, folder.resolve("rec"))).containsExactly(own, beside, otherName);
  }

  @Test
  void nothingOutsideTheRecordingsFolderIsLookedInto() throws Exception {
    file("private/cam1_0001.mp4");
    Path broken = file("rec/cam1_0002.mp4");
    Files.createSymbolicLink(Files.createDirectory(folder.resolve("rec/s-1")).resolve("..link"), folder);
    Path below = file("rec/s-2/cam1_0003.mp4");
    Files.createSymbolicLink(folder.resolve("rec/s-3"), folder.resolve("private"));

    assertThat(new Templates().of(broken, folder.resolve("rec"))).isEmpty();
    assertThat(new Templates().of(below, folder.resolve("rec"))).isEmpty();
    assertThat(new Templates().of(below, below.getParent())).isEmpty();
  }
}
