package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.media.ffmpeg.BackgroundFfmpeg;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamTrail;
import org.reelway.stream.server.StreamId;
import org.reelway.testkit.ChangingStream;
import org.reelway.testkit.FlvServer;
import org.reelway.testkit.LiveEncoder;

/** Streams whose encoder changes in the middle: the real ffmpeg reads what was recorded, and finds nothing wrong in it. */
class ChangedStreamsTest {
  private static final BackgroundFfmpeg FFMPEG = new BackgroundFfmpeg(LiveEncoder.PROGRAMS, Duration.ofMinutes(1));
  private static final String TONE = "sine=frequency=440:sample_rate=44100";

  @TempDir Path folder;
  private FlvServer server;
  private RecordersRig rig;
  private TakenRecordings taken;

  @BeforeEach
  void begin() throws Exception {
    server = FlvServer.of(folder, 2);
    taken = new TakenRecordings(folder.resolve("recordings"));
    rig = new RecordersRig(folder.resolve("own"), taken, List.of(), false, server.uri("{stream}"), Rotation.NONE);
  }

  @AfterEach
  void end() {
    rig.close();
    server.close();
  }

  private Path resource(String name) throws Exception {
    return Files.copy(Path.of("src/test/resources/flv").resolve(name), folder.resolve(name));
  }

  /** @return the first files, in their order */
  private List<Path> recorded(Path stream, int files) {
    SourceStream on =
        new SourceStream(
            new StreamId("plain", "127.0.0.1", "live", stream.getFileName().toString(), "in"), "7", "", StreamTrail.NOBODY);
    rig.started(on);
    await().atMost(Duration.ofSeconds(60)).until(() -> taken.files().size() >= files);
    rig.ended(on);
    return taken.files().subList(0, files);
  }

  private static void assertDecodes(Path file) throws Exception {
    assertThat(FFMPEG.run(List.of("-xerror", "-v", "error", "-i", file.toString(), "-f", "null", "-"))).as(file.toString()).isEmpty();
  }

  private static JsonNode track(Path file, String kind) throws Exception {
    return FFMPEG.probe(
            file, "stream=codec_name,width,height,sample_rate,channels,nb_read_packets", List.of("-count_packets", "-select_streams", kind))
        .at("/streams/0");
  }

  private static double length(Path file) throws Exception {
    return FFMPEG.probe(file, "format=duration", List.of()).at("/format/duration").asDouble();
  }

  private static int pictures(Path file) throws Exception {
    return track(file, "v").path("nb_read_packets").asInt();
  }

  @Test
  void anotherSizeOfPicturesBeginsAnotherFile() throws Exception {
    List<Path> files = recorded(resource("resolution-change.flv"), 2);

    assertThat(List.of(track(files.get(0), "v").path("width").asInt(), track(files.get(1), "v").path("width").asInt()))
        .containsExactly(160, 320);
    for (Path file : files) {
      assertThat(pictures(file)).isEqualTo(30);
      assertThat(length(file)).isCloseTo(3, within(0.2));
      assertDecodes(file);
    }
  }

  @Test
  void anotherRateOfSoundsAndAnotherCodecBeginOtherFiles() throws Exception {
    String picture = "testsrc2=size=160x120:rate=10";
    String stereo = "aevalsrc='sin(3000*t)|sin(4000*t)':s=48000";
    Path stream =
        ChangingStream.write(
            folder.resolve("many.flv"), 3, List.of("libx264", "libx264", "libx265"), picture + "\n\n" + TONE,
            picture + "\n\n" + stereo, picture + "\n\n" + stereo, "testsrc2=size=320x180:rate=10\n\n" + stereo);

    List<Path> files = recorded(stream, 4);

    List<String> tracks = new ArrayList<>();
    for (Path file : files) {
      JsonNode audio = track(file, "a");
      tracks.add(
          track(file, "v").path("codec_name").asText() + " " + track(file, "v").path("width").asText() + " "
              + audio.path("sample_rate").asText() + " " + audio.path("channels").asText());
      assertThat(pictures(file)).isEqualTo(30);
      assertDecodes(file);
    }
    assertThat(tracks).containsExactly("h264 160 44100 1", "h264 160 48000 2", "hevc 160 48000 2", "hevc 320 48000 2");
  }

  @Test
  void aClockThatIsSetBackLosesNoTime() throws Exception {
    Path file = recorded(resource("timestamps-back-1s.flv"), 1).get(0);

    assertThat(pictures(file)).isBetween(24, 30);
    assertGoesOn(file);
  }

  @Test
  void aClockThatJumpsByADayMakesNoGap() throws Exception {
    Path file = recorded(resource("timestamps-forward-26h.flv"), 1).get(0);

    assertThat(pictures(file)).isEqualTo(30);
    assertGoesOn(file);
  }

  /** A picture each tenth of a second. */
  private static void assertGoesOn(Path file) throws Exception {
    List<Double> times =
        StreamSupport.stream(FFMPEG.probe(file, "packet=pts_time", List.of()).path("packets").spliterator(), false)
            .map(packet -> packet.path("pts_time").asDouble()).toList();
    assertThat(IntStream.range(1, times.size()).mapToDouble(i -> times.get(i) - times.get(i - 1)))
        .allSatisfy(step -> assertThat(step).isCloseTo(0.1, within(0.05)));
    assertThat(length(file)).isCloseTo(times.size() * 0.1, within(0.1));
    assertDecodes(file);
  }
}
