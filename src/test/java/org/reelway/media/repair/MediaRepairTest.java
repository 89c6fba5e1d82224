package org.reelway.media.repair;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.repair.BrokenRecordings.Writer;
import org.reelway.media.container.ContainerCheck;

/** What is playable of a recording whose writer died is playable afterwards; judged by decoding, not by our own code. */
class MediaRepairTest {
  /** Pictures of one group, which the last fragment, tag or packet may take along. */
  private static final int GROUP = 25;

  @TempDir Path folder;
  @TempDir Path work;

  private final BackgroundFfmpeg ffmpeg =
      new BackgroundFfmpeg(BrokenRecordings.PROGRAMS, Duration.ofMinutes(2));
  private final MediaRepair repair = new MediaRepair(ffmpeg);
  private final ContainerCheck containers = new ContainerCheck();

  private BrokenRecordings recordings() {
    return new BrokenRecordings(folder);
  }

  private Repaired repaired(Path broken) throws Exception {
    BrokenMedia media = BrokenMedia.of(broken).orElseThrow();
    Path own = Files.createTempDirectory(work, "repair");
    return repair.repair(broken, media, own, new Templates().of(broken, folder));
  }

  /** Decoded; 0 where ffprobe finds no such stream. */
  private long frames(Path file, String stream) throws InterruptedException {
    JsonNode answer =
        ffmpeg.probe(file, "stream=nb_read_frames", List.of("-count_frames", "-select_streams", stream));
    return answer.at("/streams/0/nb_read_frames").asLong();
  }

  private void requireSound(Repaired repaired) throws IOException {
    Path file = repaired.file().orElseThrow(() -> new AssertionError(repaired.report().text()));
    assertThat(containers.check(file).isWhole()).isTrue();
    assertThat(repaired.report().seconds()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(value = Writer.class, mode = Mode.EXCLUDE, names = "MP4")
  void aRecorderThatWasKilledLeavesARecordingThatPlays(Writer writer) throws Exception {
    Path broken = recordings().killed("killed." + writer.extension(), writer, 7, 400_000);
    long there = frames(broken, "v:0");

    Repaired repaired = repaired(broken);

    requireSound(repaired);
    Path file = repaired.file().orElseThrow();
    assertThat(frames(file, "v:0")).isGreaterThanOrEqualTo(there - GROUP).isGreaterThan(2 * GROUP);
    assertThat(frames(file, "a:0")).isGreaterThan(100);
    System.out.printf(Locale.ROOT, "killed %s: %d frames there, %d repaired; %s%n", writer, there,
        frames(file, "v:0"), repaired.report().text());
  }

  @ParameterizedTest
  @EnumSource(value = Writer.class, mode = Mode.EXCLUDE, names = "MP4")
  void wherverItIsCutAllButTheLastGroupPlays(Writer writer) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed + " of cuts of " + writer);
    Random random = new Random(seed);
    Path whole = recordings().finished("whole." + writer.extension(), writer, 6, 11);
    for (int i = 0; i < 4; i++) {
      long offset = 150_000 + (long) (random.nextDouble() * (Files.size(whole) - 151_000));
      Path broken = recordings().cut(whole, "cut." + writer.extension(), offset);
      long there = frames(broken, "v:0");

      Repaired repaired = repaired(broken);

      requireSound(repaired);
      assertThat(frames(repaired.file().orElseThrow(), "v:0"))
          .as("cut at %d, seed %d", offset, seed)
          .isGreaterThanOrEqualTo(there - GROUP);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-bf 0", "-bf 2", "-bf 2 -ac 1", "-bf 0 -c:a aac -b:a 48k -ar 48000"})
  void anMp4WithoutItsIndexIsRebuiltByThePatternOfARecordingBesideIt(String encoding) throws Exception {
    String[] options = encoding.split(" ");
    recordings().finished("studio_2026-11-20_0001.mp4", Writer.MP4, 8, 3, options);
    Path whole = recordings().finished("original.bin", Writer.MP4, 10, 99, options);
    long offset = Files.size(whole) * 7 / 10;
    Path broken = recordings().cut(whole, "studio_2026-11-21_0002.mp4", offset);
    assertThat(containers.check(broken).isIncomplete()).isTrue();

    Repaired repaired = repaired(broken);

    requireSound(repaired);
    Path file = repaired.file().orElseThrow();
    double pictures = (double) frames(file, "v:0") / framesBefore(whole, "v:0", offset);
    double sound = (double) frames(file, "a:0") / framesBefore(whole, "a:0", offset);
    System.out.printf(Locale.ROOT, "%s: %.3f of the pictures, %.3f of the sound; %s%n", encoding, pictures, sound,
        repaired.report().text());
    assertThat(pictures).isGreaterThanOrEqualTo(0.99);
    assertThat(sound).isGreaterThanOrEqualTo(0.95);
    assertThat(repaired.report().method()).isEqualTo(RepairReport.Method.REBUILD);
  }

  /** Frames whose bytes end before the offset, as the whole recording's index tells. */
  private long framesBefore(Path whole, String stream, long offset) throws InterruptedException {
    JsonNode answer = ffmpeg.probe(whole, "packet=pos,size", List.of("-select_streams", stream));
    long count = 0;
    for (JsonNode packet : answer.path("packets")) {
      count += packet.path("pos").asLong() + packet.path("size").asLong() <= offset ? 1 : 0;
    }
    return count;
  }

  @Test
  void aKilledMp4RecorderLeavesARecordingThatPlaysWhereAnotherOfItsOwnLiesBeside() throws Exception {
    recordings().finished("live-1.mp4", Writer.MP4, 5, 5);
    Path broken = recordings().killed("live-2.mp4", Writer.MP4, 6, 400_000);

    Repaired repaired = repaired(broken);

    requireSound(repaired);
    assertThat(frames(repaired.file().orElseThrow(), "v:0")).isGreaterThan(2 * GROUP);
    assertThat(repaired.report().template()).isEqualTo("live-1.mp4");
  }

  /** As servers leave it that make a folder for each session. */
  @Test
  void aPatternMayLieInTheFolderOfAnotherSession() throws Exception {
    Path earlier = Files.createDirectory(folder.resolve("session-1"));
    Path own = Files.createDirectory(folder.resolve("session-2"));
    new BrokenRecordings(earlier).finished("room.mp4", Writer.MP4, 3, 5);
    Path whole = recordings().finished("whole.bin", Writer.MP4, 4, 6);
    Path broken = new BrokenRecordings(own).cut(whole, "room.mp4", Files.size(whole) / 2);

    Repaired repaired = repaired(broken);

    requireSound(repaired);
    assertThat(repaired.report().template()).isEqualTo("../session-1/room.mp4");
  }

  @Test
  void aRecordingOfAnotherEncoderIsNoPattern() throws Exception {
    recordings().finished("live-1.mp4", Writer.MP4, 3, 5, "-c:v", "mpeg4");
    Path whole = recordings().finished("whole.bin", Writer.MP4, 5, 6);
    Path broken = recordings().cut(whole, "live-2.mp4", Files.size(whole) / 2);

    Repaired repaired = repaired(broken);

    assertThat(repaired.file()).isEmpty();
    assertThat(repaired.report().text()).contains("live-1.mp4", "no H.264 track");
  }

  @Test
  void withoutAPatternItIsSaidSo() throws Exception {
    Path whole = recordings().finished("whole.bin", Writer.MP4, 3, 6);
    Path broken = recordings().cut(whole, "live-2.mp4", Files.size(whole) / 2);

    Repaired repaired = repaired(broken);

    assertThat(repaired.file()).isEmpty();
    assertThat(repaired.report().text()).contains("no finished MP4 lies beside it");
  }

  @Test
  void theSameBrokenFileIsRepairedToTheSameBytes() throws Exception {
    Path whole = recordings().finished("whole.mkv", Writer.MKV, 3, 6);
    Path broken = recordings().cut(whole, "cut.mkv", Files.size(whole) * 3 / 4);

    Path one = repaired(broken).file().orElseThrow();
    Path other = repaired(broken).file().orElseThrow();

    assertThat(one).hasSameBinaryContentAs(other);
    assertThat(Files.getLastModifiedTime(one)).isEqualTo(Files.getLastModifiedTime(broken));
  }
}
