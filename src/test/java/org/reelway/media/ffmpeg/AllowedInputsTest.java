package org.reelway.media.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.failure.InputFailure;
import org.reelway.media.process.ChildProgram;

/** What calls itself a recording, or answers for a stream, leads ffmpeg nowhere else. */
class AllowedInputsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String MPD =
      """
      <?xml version="1.0"?>
      <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S">
        <Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>%s</BaseURL>
        </Representation></AdaptationSet></Period></MPD>
      """;
  private static final String SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video %2$s RTP/AVP 96\n";
  private static final String HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n#EXT-X-ENDLIST\n";
  private static final String LIST = "ffconcat version 1.0\nfile %s\n";

  private final FfmpegPrograms programs = FfmpegPrograms.bundled(Path.of("target", "ffmpeg"));
  private final BackgroundFfmpeg background = new BackgroundFfmpeg(programs, PATIENCE);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer elsewhere;

  @TempDir Path folder;

  @BeforeEach
  void elsewhere() throws Exception {
    elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    elsewhere.createContext("/", exchange -> {
      asked.add(exchange.getRequestURI().getPath());
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
    });
    elsewhere.start();
  }

  @AfterEach
  void stop() {
    elsewhere.stop(0);
  }

  private String address() {
    return "http://127.0.0.1:" + elsewhere.getAddress().getPort();
  }

  @ParameterizedTest
  @ValueSource(strings = {LIST, MPD, HLS, SDP})
  void aRecordingThatNamesOtherFilesOrAddressesIsNotFollowed(String form) throws Exception {
    new RecordedTestStream(programs).record(folder.resolve("secret.mp4"), Duration.ofSeconds(1), 200_000, share -> {});
    for (String named : List.of("secret.mp4", address() + "/x.mp4")) {
      Path recording = Files.writeString(
          folder.resolve("recording.mp4"), form.formatted(named, elsewhere.getAddress().getPort()));

      assertThatThrownBy(() -> new MediaProbe(programs).probe(recording)).isInstanceOf(InputFailure.class);
      assertThatThrownBy(() -> new MediaProbe(programs).packets(recording, line -> {})).isInstanceOf(InputFailure.class);
      assertThatThrownBy(() -> background.probe(recording, "stream=codec_name", List.of()))
          .isInstanceOf(InputFailure.class);
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void aStreamIsNotFollowedToFilesOrByOtherProtocols() throws Exception {
    Path secret = folder.resolve("secret.mp4");
    new RecordedTestStream(programs).record(secret, Duration.ofSeconds(1), 200_000, share -> {});
    elsewhere.createContext("/list.mp4", exchange -> {
      byte[] list = LIST.formatted(address() + "/further.mp4").getBytes();
      exchange.sendResponseHeaders(200, list.length);
      exchange.getResponseBody().write(list);
      exchange.close();
    });
    assertThat(read(address() + "/list.mp4").exitCode()).isNotZero();
    assertThat(asked).isEmpty();
    assertThatThrownBy(() -> AllowedInputs.stream("file:" + secret)).isInstanceOf(InputFailure.class)
        .hasMessage("streams are read by http, https, rtmp, rtmps, rtsp, rtsps, srt, not by file");
    assertThatThrownBy(() -> AllowedInputs.stream("concat:http://x|y")).hasMessageEndingWith("not by concat");
  }

  @Test
  void hlsOfFragmentedMp4IsReadOverHttp() throws Exception {
    assertThat(new ChildProgram(programs.ffmpeg(), PATIENCE).run(
        List.of("-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=duration=2:size=64x64:rate=10", "-c:v", "libx264",
            "-g", "10", "-f", "hls", "-hls_time", "1", "-hls_segment_type", "fmp4", folder + "/x.m3u8"), line -> {}).exitCode())
        .isZero();
    elsewhere.createContext("/hls/", exchange -> {
      byte[] bytes = Files.readAllBytes(folder.resolve(exchange.getRequestURI().getPath().substring(5)));
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
      exchange.close();
    });
    ChildProgram.Ended read = read(address() + "/hls/x.m3u8");
    assertThat(read.exitCode()).as(read.lastWords()).isZero();
  }

  @Test
  void everyInputOfTheProgramIsGuarded() throws Exception {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(source);
        // Test streams are made, not read.
        boolean reads = text.contains("\"-i\"") && !source.toString().matches(".*/(Recorded|Published)TestStream\\.java");
        assertThat(!reads || text.contains("AllowedInputs.")).as(source.toString()).isTrue();
      }
    }
  }

  private ChildProgram.Ended read(String uri) throws InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("-loglevel", "error"));
    arguments.addAll(AllowedInputs.stream(uri));
    arguments.addAll(List.of("-i", uri, "-c", "copy", "-f", "null", "-"));
    return new ChildProgram(programs.ffmpeg(), PATIENCE).run(arguments, line -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "mov", "mkv", "flv", "ts", "webm", "m4a", "avi", "mp3"})
  void recordingsOfTheUsualContainersAreRead(String extension) throws Exception {
    Path file = folder.resolve("x." + extension);
    boolean sound = List.of("m4a", "mp3").contains(extension);
    assertThat(new ChildProgram(programs.ffmpeg(), PATIENCE).run(
        List.of("-loglevel", "error", "-f", "lavfi", "-i",
            sound ? "sine=duration=1" : "testsrc2=duration=1:size=64x64:rate=10", file.toString()), line -> {}).exitCode())
        .isZero();
    assertThat(new MediaProbe(programs).probe(file).codecs()).hasSize(1);
  }
}
