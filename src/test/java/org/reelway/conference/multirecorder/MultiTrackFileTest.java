package org.reelway.conference.multirecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.failure.InputFailure;
import org.reelway.testkit.LiveEncoder;

/** Pieces that the real ffmpeg wrote, as one file; the real ffprobe and decoder say what is in it. */
class MultiTrackFileTest {
  private static final Instant BEGAN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir static Path pieces;
  @TempDir Path folder;

  private static Path cam;
  private static Path voice;
  private static Path small;

  @BeforeAll
  static void record() {
    cam = piece("cam", "testsrc=s=320x180:r=25:d=4", "sine=f=440:d=4");
    voice = piece("voice", null, "sine=f=880:d=3");
    small = piece("small", "testsrc2=s=160x120:r=15:d=2", "sine=f=220:d=2");
  }

  /** As a recorder has it: RTMP's container first, then fragments of a second. */
  private static Path piece(String name, String video, String audio) {
    List<String> source = new ArrayList<>();
    if (video != null) {
      source.addAll(List.of("-f", "lavfi", "-i", video));
    }
    source.addAll(List.of("-f", "lavfi", "-i", audio));
    source.addAll(List.of("-c:v", "libx264", "-bf", "2", "-g", "15", "-c:a", "aac", "-f", "flv"));
    Path flv = pieces.resolve(name + ".flv");
    source.add(flv.toString());
    ffmpeg(source.toArray(new String[0]));
    Path piece = pieces.resolve(name + ".mp4");
    ffmpeg(
        "-i", flv.toString(), "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-f", "mp4", "-movflags",
        "frag_keyframe+delay_moov+default_base_moof+skip_trailer", "-frag_duration", "1000000", piece.toString());
    return piece;
  }

  private static String ffmpeg(String... arguments) {
    List<String> all =
        new ArrayList<>(List.of(LiveEncoder.PROGRAMS.ffmpeg().toString(), "-v", "error", "-nostdin", "-y"));
    all.addAll(Arrays.asList(arguments));
    return run(all);
  }

  private static JsonNode probe(Path file, String... arguments) {
    List<String> all =
        new ArrayList<>(List.of(LiveEncoder.PROGRAMS.ffprobe().toString(), "-v", "error", "-of", "json"));
    all.addAll(Arrays.asList(arguments));
    all.add(file.toString());
    try {
      return JsonMapper.builder().build().readTree(run(all));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static MultiTrackFile.Member member(String name, MultiTrackFile.Piece... pieces) {
    return new MultiTrackFile.Member(name, name + "-session", List.of(pieces));
  }

  private static MultiTrackFile.Piece at(double seconds, Path piece) {
    return new MultiTrackFile.Piece(piece, Placement.from(seconds));
  }

  private Path write(MultiTrackFile.Member... members) throws IOException {
    Path file = folder.resolve("all.mp4");
    MultiTrackFile.write(List.of(members), BEGAN, file, folder.resolve("work"));
    assertThat(folder.resolve("work")).isEmptyDirectory();
    return file;
  }

  /** Of a track's packets: the first and the last time that they are seen. */
  private static double[] seen(Path file, int track) {
    List<Double> times = new ArrayList<>();
    probe(file, "-select_streams", String.valueOf(track), "-show_entries", "packet=pts_time").path("packets")
        .forEach(packet -> times.add(packet.path("pts_time").asDouble()));
    return new double[] {
        times.stream().mapToDouble(Double::doubleValue).min().orElseThrow(),
        times.stream().mapToDouble(Double::doubleValue).max().orElseThrow()};
  }

  private static String pictures(Path file, int track) {
    return ffmpeg("-i", file.toString(), "-map", "0:" + track, "-f", "framemd5", "-fps_mode", "passthrough", "-")
        .replaceAll("(?m)^#.*\n", "").replaceAll("(?m)^[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,", "");
  }

  @Test
  void eachStreamHasItsTracksAtItsTimeOfTheTimeline() throws IOException {
    Path file = write(member("cam", at(0, cam)), member("voice", at(1.5, voice)), member("small", at(10.25, small)));

    JsonNode streams = probe(file, "-show_streams", "-show_format");
    assertThat(streams.path("streams")).hasSize(5);
    assertThat(streams.at("/streams/0/codec_name").asText()).isEqualTo("h264");
    assertThat(streams.at("/streams/0/width").asInt()).isEqualTo(320);
    assertThat(streams.at("/format/duration").asDouble()).isCloseTo(12.25, within(0.1));
    // The piece's own first picture is 23 ms behind its zero, for the sound begins before.
    assertThat(seen(file, 0)[0]).isCloseTo(0.023, within(0.03));
    assertThat(seen(file, 0)[1]).isCloseTo(3.98, within(0.03));
    assertThat(seen(file, 2)[0]).isCloseTo(1.5, within(0.03));
    assertThat(seen(file, 3)[0]).isCloseTo(10.273, within(0.03));
    assertThat(seen(file, 4)[1]).isCloseTo(12.25, within(0.06));
  }

  @Test
  void picturesAndSoundsAreThoseOfThePieces() throws IOException {
    Path file = write(member("cam", at(3, cam)), member("small", at(0, small)));

    assertThat(pictures(file, 0)).isEqualTo(pictures(cam, 0)).isNotBlank();
    assertThat(pictures(file, 2)).isEqualTo(pictures(small, 0));
    assertThat(pictures(file, 1)).isEqualTo(pictures(cam, 1));
  }

  @Test
  void aStreamThatWasInterruptedOrCameBackHasNewTracks() throws IOException {
    Path file = write(member("cam", at(1, cam), at(7, small)), member("cam", at(12, cam)));

    assertThat(probe(file, "-show_streams").path("streams")).hasSize(6);
    assertThat(seen(file, 0)[1]).isCloseTo(4.98, within(0.03));
    assertThat(seen(file, 2)[0]).isCloseTo(12.023, within(0.03));
    assertThat(seen(file, 4)[0]).isCloseTo(7.023, within(0.03));
  }

  @Test
  void aClockThatRunsFastIsPutRight() throws IOException {
    MultiTrackFile.Piece fast = new MultiTrackFile.Piece(cam, new Placement(2, 1.01));
    Path file = write(member("cam", fast));

    assertThat(seen(file, 0)[1] - seen(file, 0)[0]).isCloseTo(3.96 * 1.01, within(0.003));
    assertThat(seen(file, 1)[1] - seen(file, 1)[0])
        .isCloseTo((seen(cam, 1)[1] - seen(cam, 1)[0]) * 1.01, within(0.003));
  }

  @Test
  void ofATornPieceTheWholeFragmentsAreTaken() throws IOException {
    Path torn = folder.resolve("torn.mp4");
    Files.copy(cam, torn);
    try (RandomAccessFile file = new RandomAccessFile(torn.toFile(), "rw")) {
      file.setLength(file.length() - 20_000);
    }
    Path file = write(member("cam", at(0, torn)), member("voice", at(0, voice)));

    assertThat(seen(file, 0)[1]).isBetween(1.5, 3.1);
    assertThat(pictures(cam, 0)).startsWith(pictures(file, 0));
  }

  @Test
  void whereNothingWasRecordedItSaysSo() throws IOException {
    Path empty = folder.resolve("empty.mp4");
    Files.write(empty, new byte[0]);

    assertThatThrownBy(() -> write(member("cam", at(0, empty))))
        .isInstanceOf(InputFailure.class)
        .hasMessageContaining("nothing was recorded");
  }
}
