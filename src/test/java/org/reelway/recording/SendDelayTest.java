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
  private static final Instant MARKED = Instant.parse("2040-01-01T00:00:00Z");

  @TempDir Path temp;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-21T10:00:00Z"));
  private final SendDelay delay = new SendDelay(DELAY, clock);

  @Test
  void aFileMayBeSentOnceItWasSeenUnmodifiedForTheDelayHoweverOldItSaysItIs() throws Exception {
    Path media = file(temp.resolve("a.mp4"), "media");
    Files.setLastModifiedTime(media, FileTime.from(Instant.EPOCH));

    assertThat(delay.left(media, MARKED)).contains(DELAY);
    clock.forward(Duration.ofMinutes(4));
    assertThat(delay.left(media, MARKED)).contains(Duration.ofMinutes(6));
    clock.forward(Duration.ofMinutes(6));
    assertThat(delay.left(media, MARKED)).isEmpty();
    assertThat(delay.left(media, MARKED)).as("its next try").isEmpty();
  }

  @Test
  void aFileThatIsModifiedWaitsAnewAlsoWhenItsTimeIsInTheFuture() throws Exception {
    Path media = file(temp.resolve("a.mp4"), "media");
    delay.left(media, MARKED);
    clock.forward(DELAY.minusSeconds(1));
    Files.setLastModifiedTime(media, FileTime.from(Instant.parse("2036-01-01T00:00:00Z")));

    assertThat(delay.left(media, MARKED)).contains(DELAY);
    clock.forward(DELAY);
    assertThat(delay.left(media, MARKED)).isEmpty();
    Files.writeString(media, "another");
    assertThat(delay.left(media, MARKED)).contains(DELAY);
  }

  @Test
  void aFileThatIsMissingIsNotWaitedFor() {
    assertThat(delay.left(temp.resolve("missing.mp4"), MARKED)).isEmpty();
  }

  @Test
  void whatAMediaServerStillPutsTogetherWaitsUntilItsScratchFilesAreGone() throws Exception {
    SendDelay none = new SendDelay(Duration.ZERO, clock);
    Path media = file(temp.resolve("cam_part0001.mp4"), "early");
    Path scratch = file(temp.resolve("cam_part0001.mp4.mdat"), "media");
    file(temp.resolve("cam_part0001.track1"), "times");

    assertThat(none.left(media, MARKED)).isPresent();
    clock.forward(Duration.ofMinutes(9));
    file(media, "more");
    assertThat(none.left(media, MARKED)).isPresent();
    clock.forward(Duration.ofMinutes(9));
    assertThat(none.left(media, MARKED)).as("written to 9 minutes ago").isPresent();
    Files.delete(scratch);
    Files.delete(temp.resolve("cam_part0001.track1"));
    assertThat(none.left(media, MARKED)).isEmpty();
  }

  @Test
  void aDeadWritersScratchFilesHoldUpAFinishedRecordingForTenMinutes() throws Exception {
    SendDelay none = new SendDelay(Duration.ZERO, clock);
    Path media = file(temp.resolve("cam.mp4"), "media");
    file(temp.resolve("cam.info"), "left");

    assertThat(none.left(media, MARKED)).isPresent();
    clock.forward(Duration.ofMinutes(10));
    assertThat(none.left(media, MARKED)).isEmpty();
    assertThat(none.left(file(temp.resolve("cam.ts"), "another"), MARKED)).as("no MP4").isEmpty();
  }

  /** Nobody has said since that it is finished; it may have come after its marker. */
  @Test
  void aFileThatWasWrittenToAfterItWasMarkedWaitsUntilItIsQuiet() throws Exception {
    SendDelay none = new SendDelay(Duration.ZERO, clock);
    Path media = file(temp.resolve("late.mp4"), "me");
    Instant marked = Files.getLastModifiedTime(media).toInstant().minusSeconds(3);

    assertThat(none.left(media, marked)).contains(Duration.ofSeconds(10));
    clock.forward(Duration.ofSeconds(9));
    Files.writeString(media, "media");
    assertThat(none.left(media, marked)).contains(Duration.ofSeconds(10));
    clock.forward(Duration.ofSeconds(10));
    assertThat(none.left(media, marked)).isEmpty();
  }
}
