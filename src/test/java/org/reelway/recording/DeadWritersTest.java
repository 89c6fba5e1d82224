package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.media.repair.LeftBehindSearch;
import org.reelway.media.repair.MediaKind;
import org.reelway.media.repair.RepairedName;
import org.reelway.recording.DeadWriters.Answer;

/** What counts as the death of a writer, and what an unfinished file is called. */
class DeadWritersTest {
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration AFTER = Duration.ofHours(1);

  @TempDir Path folder;
  private Path file;
  private Instant now = START;

  @BeforeEach
  void aFile() throws IOException {
    file = Files.write(folder.resolve("live.flv.tmp"), new byte[1000]);
  }

  private DeadWriters writers(String uptimeSeconds) throws IOException {
    Path uptime = Files.writeString(folder.resolve("uptime"), uptimeSeconds + " 1.0\n");
    return new DeadWriters(AFTER, new OpenFiles(), new MachineStart(uptime, Clock.fixed(START, ZoneOffset.UTC)));
  }

  private Answer after(DeadWriters writers, Duration pause) throws IOException {
    now = now.plus(pause);
    return writers.look(file, now);
  }

  @Test
  void anOldFileIsNotDeadForItsAge() throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(START.minus(Duration.ofDays(400))));
    DeadWriters writers = writers("100000000");
    assertThat(writers.look(file, now)).isEqualTo(Answer.NOT_YET);
    assertThat(after(writers, Duration.ofMinutes(29))).isEqualTo(Answer.NOT_YET);
    assertThat(after(writers, Duration.ofMinutes(29))).isEqualTo(Answer.NOT_YET);
    assertThat(after(writers, Duration.ofMinutes(29))).isEqualTo(Answer.DEAD);
  }

  @Test
  void aChangeBeginsTheWaitingAnew() throws Exception {
    DeadWriters writers = writers("100000000");
    for (int i = 0; i < 3; i++) {
      assertThat(after(writers, Duration.ofMinutes(25))).isEqualTo(Answer.NOT_YET);
    }
    Files.write(file, new byte[10], StandardOpenOption.APPEND);
    assertThat(after(writers, Duration.ofMinutes(25))).isEqualTo(Answer.NOT_YET);
    assertThat(after(writers, Duration.ofMinutes(25))).isEqualTo(Answer.NOT_YET);
  }

  @Test
  void afterAStartOfTheMachineItIsSooner() throws Exception {
    Assumptions.assumeTrue(
        Set.of("ext4", "xfs", "btrfs", "overlay").contains(Files.getFileStore(file).type()),
        "the temporary folder is on a file system of another kind");
    Files.setLastModifiedTime(file, FileTime.from(START.minus(Duration.ofMinutes(30))));
    DeadWriters startedSince = writers("60");
    writersLook(startedSince, 3);
    assertThat(after(startedSince, Duration.ofMinutes(6))).isEqualTo(Answer.DEAD);

    DeadWriters startedBefore = writers("100000");
    writersLook(startedBefore, 3);
    assertThat(after(startedBefore, Duration.ofMinutes(6))).isEqualTo(Answer.NOT_YET);
  }

  private void writersLook(DeadWriters writers, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      assertThat(after(writers, Duration.ofMinutes(i == 0 ? 0 : 4))).isEqualTo(Answer.NOT_YET);
    }
  }

  @Test
  void aFileThatAProcessHasOpenForWritingIsHeldHoweverLongItRests() throws Exception {
    DeadWriters writers = writers("100000000");
    try (var open = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      writersLook(writers, 2);
      for (int i = 0; i < 20; i++) {
        assertThat(after(writers, Duration.ofHours(1))).isNotEqualTo(Answer.DEAD);
      }
      assertThat(open.isOpen()).isTrue();
      assertThat(after(writers, Duration.ofHours(1))).isEqualTo(Answer.HELD);
    }
    assertThat(after(writers, Duration.ofHours(1))).isEqualTo(Answer.DEAD);
  }

  @Test
  void whoOnlyReadsDoesNotHoldIt() throws Exception {
    try (var open = Files.newByteChannel(file, StandardOpenOption.READ)) {
      assertThat(new OpenFiles().look(file)).isNotEqualTo(OpenFiles.Answer.WRITTEN);
      assertThat(open.isOpen()).isTrue();
    }
  }

  @Test
  void withoutAListOfProcessesNothingIsClaimed() {
    assertThat(new OpenFiles(folder.resolve("no-proc")).look(file)).isEqualTo(OpenFiles.Answer.CANNOT_TELL);
  }

  @ParameterizedTest
  @CsvSource({
    "live.mp4.tmp, '', true",
    "live.mp4.tmp, live.mp4, false",
    "live.mp4.tmp_extension, '', true",
    "live.flv.tmp, live.mp4, true",
    "a.part, '', true",
    ".hidden.tmp, '', false",
    "live.mp4, '', false",
    "room.mdat, '', true",
    "room.track1, room.mdat, true",
    "room.info, '', false",
    "room.mdat, room.mp4, false"
  })
  void whatIsLeftBehindIsToldByTheNames(String name, String other, boolean left) throws Exception {
    Path place = Files.createDirectories(folder.resolve("names/sub"));
    Files.write(place.resolve(name), new byte[1]);
    if (!other.isEmpty()) {
      Files.write(place.resolve(other), new byte[1]);
    }
    List<Path> found = new LeftBehindSearch().in(folder.resolve("names"));
    assertThat(found.contains(place.resolve(name))).isEqualTo(left);
  }

  @ParameterizedTest
  @CsvSource({
    "live.mp4.tmp, MP4, live.recovered.mp4",
    "live.mov, MP4_WITHOUT_INDEX, live.recovered.mov",
    "live.tmp, FLV, live.recovered.flv",
    "cam.1, TS, cam.1.recovered.ts"
  })
  void aRepairedRecordingIsCalledAsTheFinishedOneWouldHaveBeen(String broken, MediaKind kind, String name) {
    assertThat(new RepairedName(".recovered").of(broken, kind)).isEqualTo(name);
  }
}
