package org.reelway.stream.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.settings.RecordingNameTemplate;
import org.reelway.settings.ServerApi;
import org.reelway.stream.relay.SourceStream;
import org.reelway.stream.relay.StreamTrail;
import org.reelway.stream.server.StreamId;

class ServersThatRecordTest {
  private static final List<ServerApi> APIS =
      List.of(
          api(ServerApi.Kind.EMS, "e1"), api(ServerApi.Kind.WCS, "w1"), api(ServerApi.Kind.NGINX_RTMP_CONTROL, "n1"),
          api(ServerApi.Kind.NGINX_RTMP, "n2"), api(ServerApi.Kind.SRS, "s1"));

  @TempDir Path temp;
  private TakenRecordings taken;
  private ServersThatRecord servers;
  private boolean byServer = true;

  private static ServerApi api(ServerApi.Kind kind, String name) {
    return new ServerApi(kind, name, URI.create("http://127.0.0.1:9"));
  }

  @BeforeEach
  void make() throws Exception {
    taken = new TakenRecordings(temp.resolve("recordings"));
    servers =
        ServersThatRecord.make(
            APIS, "me", temp.resolve("own"), taken, RecordingListener.NONE, Duration.ZERO, Clock.systemUTC());
  }

  private ServersThatRecord.Choice choose(String source, String server, String stream, String template) {
    return choose(source, server, stream, template, false, taken.root());
  }

  private ServersThatRecord.Choice choose(
      String source, String server, String stream, String template, boolean asked, Path folder) {
    SourceStream on = new SourceStream(new StreamId(source, server, "live", stream, "in"), "7", "", StreamTrail.NOBODY);
    return servers.choose(new RecordingOrder(on, new Recorders.Terms(folder, RecordingNameTemplate.parse(template), Rotation.NONE, byServer), asked));
  }

  private static String by(ServersThatRecord.Choice choice) {
    return choice.recorder() == null ? "ffmpeg" : choice.recorder().by() + " " + choice.recorder().server();
  }

  @Test
  void theStreamsOwnServerRecordsItWhereItCan() {
    assertThat(by(choose("ems", "e1", "cam", "{streamName}"))).isEqualTo("ems e1");
    assertThat(by(choose("wcs", "w1", "a \"cam\"", "{endTime}"))).isEqualTo("wcs w1");
    assertThat(by(choose("nginx-rtmp", "n1", "cam", "{streamName}"))).isEqualTo("nginx-rtmp n1");
    assertThat(by(choose("ems", "another", "cam", "{streamName}"))).as("no API of that server").isEqualTo("ffmpeg");
    assertThat(choose("ems", "another", "cam", "{streamName}").why())
        .isEqualTo("reelway.servers.api names no API that records of the ems called another");
    assertThat(by(choose("nginx-rtmp", "n2", "cam", "{streamName}"))).as("only its streams are asked for").isEqualTo("ffmpeg");
    assertThat(by(choose("srs", "s1", "cam", "{streamName}"))).isEqualTo("ffmpeg");
    assertThat(choose("srs", "s1", "cam", "{streamName}").why()).isEmpty();
    byServer = false;
    assertThat(by(choose("ems", "e1", "cam", "{streamName}"))).as("reelway.recorder.by=reelway").isEqualTo("ffmpeg");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cam one", "cam\"one", "it's", "new\nline", "tab\tin", "back\\slash", "no\u00a0break"})
  void whatEmsCannotBeToldIsRecordedByReelwayWhichSaysWhy(String stream) {
    assertThat(by(choose("ems", "e1", stream, "{streamName}"))).isEqualTo("ffmpeg");
    assertThat(choose("ems", "e1", stream, "{streamName}").why()).contains("EMS cannot be told the stream's name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cam one", "a&name=b", "../x", "a/b", "quo\"te", "new\nline", "%2e", "ümlaut", "a+b", "x?y", "#"})
  void whatNginxCannotBeToldIsRecordedByReelwayWhichSaysWhy(String stream) {
    assertThat(by(choose("nginx-rtmp", "n1", stream, "{streamName}"))).isEqualTo("ffmpeg");
    assertThat(choose("nginx-rtmp", "n1", stream, "{streamName}").why()).contains("cannot be told");
  }

  @Test
  void namesThatTheServerCannotGiveAreGivenByReelway() {
    for (String template : List.of("{duration}", "{startTime}", "{endTime}", "{endTimeMillis}", "{videoCodec}", "{audioCodec}")) {
      assertThat(by(choose("ems", "e1", "cam", "{streamName}-" + template))).as(template).isEqualTo("ffmpeg");
    }
    assertThat(by(choose("ems", "e1", "cam", "{streamName}-{startTimeMillis}-{mediaSessionId}{sessionId}{login}")))
        .isEqualTo("ems e1");
    assertThat(by(choose("nginx-rtmp", "n1", "cam", "asked", true, taken.root()))).isEqualTo("ffmpeg");
    assertThat(by(choose("ems", "e1", "cam", "x", false, Path.of("/var/a folder")))).isEqualTo("ffmpeg");
    assertThat(choose("ems", "e1", "cam", "x", false, Path.of("/var/a folder")).why()).contains("/var/a folder");
  }

  @Test
  void metricsAreOneSetForEachKind() {
    assertThat(servers.all()).containsExactly("ffmpeg", "ems", "wcs", "nginx-rtmp");
    assertThat(servers.groups("ems")).containsExactly("ems e1");
  }
}
