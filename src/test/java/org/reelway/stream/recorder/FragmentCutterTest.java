package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.media.mp4.Box;
import org.reelway.testkit.LiveEncoder;

/** On what the real ffmpeg writes, judged by ffprobe. */
class FragmentCutterTest {
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));

  @TempDir Path folder;
  private final List<Path> finished = new ArrayList<>();
  private final List<Path> left = new ArrayList<>();

  private byte[] stream(int seconds, String... more) throws Exception {
    Path file = folder.resolve("stream.mp4");
    List<String> arguments = new ArrayList<>(List.of(
        "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=" + seconds,
        "-f", "lavfi", "-i", "sine=frequency=440:duration=" + seconds,
        "-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-keyint_min", "25", "-sc_threshold", "0", "-c:a", "aac"));
    arguments.addAll(List.of(more));
    arguments.addAll(RecorderRun.OUTPUT);
    arguments.set(arguments.size() - 1, file.toString());
    FFMPEG.run(arguments);
    return Files.readAllBytes(file);
  }

  private void cut(byte[] stream, Rotation rotation) throws IOException {
    new FragmentCutter(
            rotation,
            new FragmentCutter.Pieces() {
              @Override
              public PieceFile begin(StreamBeginning beginning, double start) throws IOException {
                return PieceFile.begin(folder.resolve("piece-" + finished.size() + ".mp4"), beginning, start);
              }

              @Override
              public void finished(PieceFile piece, StreamBeginning beginning, boolean last) {
                finished.add(piece.file());
              }

              @Override
              public void left(PieceFile piece) {
                left.add(piece.file());
              }
            })
        .run(new ByteArrayInputStream(stream), () -> true);
  }

  private static JsonNode probe(Path file) throws Exception {
    return FFMPEG.probe(
        file, "format=duration,start_time:stream=codec_type,nb_read_packets:packet=flags,stream_index", List.of("-count_packets"));
  }

  private static int frames(JsonNode probe) {
    for (JsonNode stream : probe.path("streams")) {
      if (stream.path("codec_type").asText().equals("video")) {
        return stream.path("nb_read_packets").asInt();
      }
    }
    return 0;
  }

  private static double duration(JsonNode probe) {
    return probe.at("/format/duration").asDouble();
  }

  @Test
  void aStreamIsCutAtItsSecondsAndNoPictureIsLost() throws Exception {
    cut(stream(10), new Rotation(3, 0));

    assertThat(finished).hasSize(4);
    int frames = 0;
    for (Path file : finished) {
      JsonNode probe = probe(file);
      frames += frames(probe);
      assertThat(probe.at("/packets/0/flags").asText()).as("first packet").startsWith("K");
      assertThat(probe.at("/format/start_time").asDouble()).isCloseTo(0, within(0.1));
      assertThat(duration(probe)).isCloseTo(file.equals(finished.get(3)) ? 1 : 3, within(0.15));
    }
    assertThat(frames).isEqualTo(250);
    assertThat(FFMPEG.run(List.of("-i", finished.get(1).toString(), "-f", "null", "-"))).as("complaints").isEmpty();
  }

  @Test
  void withoutRotationItIsOneFileWhoseLengthIsKnownFromItsBeginning() throws Exception {
    cut(stream(7), Rotation.NONE);

    assertThat(finished).hasSize(1);
    assertThat(frames(probe(finished.get(0)))).isEqualTo(175);
    long length = Box.file(Files.readAllBytes(finished.get(0))).need("moov", "mvex", "mehd").i64(4);
    assertThat(length / 1000.0).as("seconds in mehd").isCloseTo(7, within(0.15));
  }

  @Test
  void aStreamIsCutByItsBytes() throws Exception {
    cut(stream(10), new Rotation(0, 60_000));

    assertThat(finished).hasSizeGreaterThan(2);
    for (Path file : finished.subList(0, finished.size() - 1)) {
      assertThat(Files.size(file)).isBetween(60_000L, 200_000L);
    }
    int frames = 0;
    for (Path file : finished) {
      frames += frames(probe(file));
    }
    assertThat(frames).isEqualTo(250);
  }

  @Test
  void everyPieceBeginsAtZeroAlsoWhereATrackBeganLater() throws Exception {
    for (String late : List.of("0:v", "1:a")) {
      finished.clear();
      byte[] stream = late("0.79", late);

      cut(stream, new Rotation(3, 0));

      assertThat(finished).hasSize(3);
      for (Path piece : finished) {
        JsonNode probe = probe(piece);
        assertThat(probe.at("/format/start_time").asDouble()).as(late + " " + piece).isCloseTo(0, within(0.03));
        double length = (late.equals("0:v") ? List.of(3.79, 3.0, 1.0) : List.of(3.0, 3.0, 1.8)).get(finished.indexOf(piece));
        assertThat(duration(probe)).as(late + " " + piece).isCloseTo(length, within(0.15));
        assertThat(FFMPEG.run(List.of("-xerror", "-v", "error", "-i", piece.toString(), "-f", "null", "-"))).isEmpty();
      }
      double inFirst = firstTime(finished.get(0), late.substring(2));
      assertThat(inFirst).as("late in the first one").isCloseTo(0.79, within(0.05));
      assertThat(firstTime(finished.get(1), late.substring(2))).as("and in no other").isCloseTo(0, within(0.1));
      for (Path piece : finished) {
        Files.delete(piece);
      }
    }
  }

  /** A stream of seven seconds, one of whose tracks begins later. */
  private byte[] late(String seconds, String track) throws Exception {
    Path whole = Files.write(folder.resolve("whole.mp4"), stream(7));
    Path file = folder.resolve("late.mp4");
    List<String> arguments = new ArrayList<>(List.of("-y"));
    for (String each : List.of("0:v", "1:a")) {
      arguments.addAll(List.of("-itsoffset", each.equals(track) ? seconds : "0", "-i", whole.toString()));
    }
    arguments.addAll(List.of("-map", "0:v", "-map", "1:a", "-c", "copy"));
    arguments.addAll(RecorderRun.OUTPUT);
    arguments.set(arguments.size() - 1, file.toString());
    FFMPEG.run(arguments);
    return Files.readAllBytes(file);
  }

  private static double firstTime(Path file, String kind) throws Exception {
    return FFMPEG.probe(file, "packet=pts_time", List.of("-select_streams", kind)).at("/packets/0/pts_time").asDouble();
  }

  @Test
  void soundAloneIsCutToo() throws Exception {
    cut(stream(6, "-vn"), new Rotation(2, 0));

    assertThat(finished).hasSize(3);
    double sum = 0;
    for (Path file : finished) {
      sum += duration(probe(file));
    }
    assertThat(sum).isCloseTo(6, within(0.2));
  }

  @Test
  void picturesThatLeanOnLaterOnesStayInOrder() throws Exception {
    cut(stream(6, "-bf", "3"), new Rotation(2, 0));

    assertThat(finished).hasSize(3);
    for (Path file : finished) {
      assertThat(FFMPEG.run(List.of("-i", file.toString(), "-f", "null", "-"))).as("complaints").isEmpty();
      assertThat(frames(probe(file))).isEqualTo(50);
    }
  }

  @Test
  void whereverTheStreamBreaksOffWhatIsWholeIsKept() throws Exception {
    byte[] whole = stream(5);
    Random random = new Random(7);
    for (int i = 0; i < 12; i++) {
      finished.clear();
      int length = whole.length / 4 + random.nextInt(whole.length * 3 / 4);
      cut(Arrays.copyOf(whole, length), Rotation.NONE);

      assertThat(finished).as("cut at %d of %d", length, whole.length).hasSize(1);
      assertThat(FFMPEG.run(List.of("-i", finished.get(0).toString(), "-f", "null", "-"))).isEmpty();
      assertThat(frames(probe(finished.get(0)))).isPositive();
      Files.delete(finished.get(0));
    }
    assertThat(left).isEmpty();
  }

  @Test
  void nothingIsWrittenOfAStreamWithoutMedia() throws Exception {
    cut(new byte[0], Rotation.NONE);

    assertThat(finished).isEmpty();
  }
}
