package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.recording.FolderFixture.file;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendDelayTest {
  private static final Duration DELAY = Duration.ofMinutes(10);

  @TempDir Path temp;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  private final SendDelay delay = new SendDelay(DELAY, clock);

  @Test
  void aFileMayBeSentOnceItWasSeenUnmodifiedForTheDelayHoweverOldItSaysItIs() throws Exception {
    Path media = file(temp.resolve("a.mp4"), "media");
    Files.setLastModifiedTime(media, FileTime.from(Instant.EPOCH));

    assertThat(delay.left(media)).contains(DELAY);
    clock.forward(Duration.ofMinutes(4));
    assertThat(delay.left(media)).contains(Duration.ofMinutes(6));
    clock.forward(Duration.ofMinutes(6));
    assertThat(delay.left(media)).isEmpty();
    assertThat(delay.left(media)).as("its next try").isEmpty();
  }

  @Test
  void aFileThatIsModifiedWaitsAnewAlsoWhenItsTimeIsInTheFuture() throws Exception {
    Path media = file(temp.resolve("a.mp4"), "media");
    delay.left(media);
    clock.forward(DELAY.minusSeconds(1));
    Files.setLastModifiedTime(media, FileTime.from(Instant.parse("2036-01-01T00:00:00Z")));

    assertThat(delay.left(media)).contains(DELAY);
    clock.forward(DELAY);
    assertThat(delay.left(media)).isEmpty();
    Files.writeString(media, "another");
    assertThat(delay.left(media)).contains(DELAY);
  }

  @Test
  void aFileThatIsMissingIsNotWaitedFor() {
    assertThat(delay.left(temp.resolve("missing.mp4"))).isEmpty();
  }

  @Test
  void whatAMediaServerStillPutsTogetherWaitsUntilItsScratchFilesAreGone() throws Exception {
    SendDelay none = new SendDelay(Duration.ZERO, clock);
    Path media = file(temp.resolve("cam_part0001.mp4"), "early");
    Path scratch = file(temp.resolve("cam_part0001.mp4.mdat"), "media");
    file(temp.resolve("cam_part0001.track1"), "times");

    assertThat(none.left(media)).isPresent();
    clock.forward(Duration.ofMinutes(9));
    file(media, "more");
    assertThat(none.left(media)).isPresent();
    clock.forward(Duration.ofMinutes(9));
    assertThat(none.left(media)).as("written to 9 minutes ago").isPresent();
    Files.delete(scratch);
    Files.delete(temp.resolve("cam_part0001.track1"));
    assertThat(none.left(media)).isEmpty();
  }

  @Test
  void aDeadWritersScratchFilesHoldUpAFinishedRecordingForTenMinutes() throws Exception {
    SendDelay none = new SendDelay(Duration.ZERO, clock);
    Path media = file(temp.resolve("cam.mp4"), "media");
    file(temp.resolve("cam.info"), "left");

    assertThat(none.left(media)).isPresent();
    clock.forward(Duration.ofMinutes(10));
    assertThat(none.left(media)).isEmpty();
    assertThat(none.left(file(temp.resolve("cam.ts"), "another"))).as("no MP4").isEmpty();
  }
}
