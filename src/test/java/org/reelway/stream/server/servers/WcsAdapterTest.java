package org.reelway.stream.server.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reelway.stream.server.servers.ServerRequests.method;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.stream.server.EventKind;
import org.reelway.stream.server.EventRequest;
import org.reelway.stream.server.ServerEvent;

class WcsAdapterTest {
  private final WcsAdapter wcs = new WcsAdapter();

  private ServerEvent event(String method, String file) {
    return wcs.read(method(method, "wcs/" + file + ".json")).get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "StreamStatusEvent, StreamStatusEvent, STREAM_STARTED", "StreamStatusEvent, StreamStatusEvent-unpublished, STREAM_ENDED",
    "StreamStatusEvent, StreamStatusEvent-playing, OTHER", "StreamKeepAliveEvent, StreamStatusEvent, STREAM_SEEN",
    "StreamEvent, StreamEvent-stoppedRecording, RECORDING_FINISHED",
    "StreamEvent, StreamEvent-addedToMultiRecording, MULTI_RECORDING_ADDED", "connect, StreamStatusEvent, OTHER"
  })
  void eachMethodIsItsKind(String method, String file, EventKind kind) {
    assertThat(event(method, file).kind()).isEqualTo(kind);
  }

  @Test
  void aPublishedStreamIsKnownByItsMediaSession() {
    ServerEvent.StreamStarted started = (ServerEvent.StreamStarted) event("StreamStatusEvent", "StreamStatusEvent");

    assertThat(started.stream().name()).isEqualTo("b4e7");
    assertThat(started.stream().session()).isEqualTo("56141d10-fddc-11e6-ac3a-4d67d5b3360d");
    assertThat(started.stream().publisher()).isEqualTo("192.168.1.102:4388");
    assertThat(started.stream().details()).containsEntry("since", "2017-02-28T17:35:44.123Z");
    assertThat(started.stream().toString()).doesNotContain("ice-pwd");
    assertThat(started.told().server()).isEqualTo("Hw47CFMBEchVOpBMDr29IxjudnJ1sjOY@192.168.1.101");
  }

  @Test
  void recordersTellFilesAndTheirUri() {
    ServerEvent.RecordingFinished finished =
        (ServerEvent.RecordingFinished) event("StreamEvent", "StreamEvent-stoppedRecording");
    ServerEvent.MultiRecordingAdded added =
        (ServerEvent.MultiRecordingAdded) event("StreamEvent", "StreamEvent-addedToMultiRecording");

    assertThat(finished.file()).isEqualTo(Path.of("stream-56141d10-fddc-11e6-ac3a-4d67d5b3360d.mp4"));
    assertThat(added.uri()).isEqualTo("multi-recorder://test-record");
    assertThat(added.session()).isEqualTo("56141d10-fddc-11e6-ac3a-4d67d5b3360d");
  }

  @Test
  void theObjectIsGivenBackAsItCame() {
    EventRequest request = method("StreamStatusEvent", "wcs/StreamStatusEvent.json");

    assertThat(wcs.taken(request).body()).isEqualTo(ServerRequests.text("wcs/StreamStatusEvent.json"));
    assertThat(wcs.taken(request).status()).isEqualTo(200);
  }
}
