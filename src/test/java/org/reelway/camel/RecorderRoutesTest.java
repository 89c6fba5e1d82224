package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.camel.api.RecorderApi;
import org.reelway.failure.NotFound;
import org.reelway.recording.FolderIntake;
import org.reelway.recording.MarkerQueue;
import org.reelway.recording.RecordingFolder;
import org.reelway.stream.recorder.RecordingListener;
import org.reelway.testkit.LogLines;
import org.reelway.testkit.Recipe;

/** The shipped route of the recorder, as it is and as operators edit it, from an event to the recordings that are wanted. */
class RecorderRoutesTest extends StreamRoutes {
  private static final String FILE = "36-recorder.camel.yaml";

  private final Map<String, String> given = new LinkedHashMap<>();
  private RecorderFeature recorders;

  @BeforeEach
  void settings() throws Exception {
    given.put("reelway.recordings.folder", Files.createDirectories(folder.resolve("in")).toString());
    given.put("reelway.store.bucket", "a-bucket");
    given.put("reelway.recorder.every-stream", "true");
  }

  /** Never begun: what is wanted is known, and no ffmpeg runs. */
  private void open() {
    open(given);
    disk.folders.add(
        new FolderIntake(
            RecordingFolder.of(folder.resolve("in"), disk.markersFolder), disk.markers, new MarkerQueue(disk.steady),
            Set.of(), Duration.ZERO, id -> false, (recording, by, stream) -> {}, disk.steady));
    recorders = new RecorderFeature(state, disk, events.registry, RecordingListener.NONE);
    placeholders.put("vip.recordings", folder.resolve("in/vip").toString());
    placeholders.put("vip.rotation", "600");
  }

  @AfterEach
  void close() {
    recorders.endStreams();
  }

  private void run(String routes) throws Exception {
    run(routes, Map.of("recorderSteps", recorders.steps));
  }

  private static String shipped() throws Exception {
    return Files.readString(Path.of("routes", FILE));
  }

  private void untilRecorded(String... wanted) {
    await().atMost(Duration.ofSeconds(10)).untilAsserted(
        () -> assertThat(recorders.supervisor.statuses()).extracting(each -> each.stream() + " " + folder.relativize(Path.of(each.target())))
            .containsExactlyInAnyOrder(wanted));
  }

  @Test
  void aStreamThatTheSettingsNameIsRecordedWhileItIsOn() throws Exception {
    given.put("reelway.recorder.streams", "regex:(cam|it's, too)-[0-9]{1,3}");
    open();
    tell("started", "cam-0", "");
    run(shipped());
    tell("started", "cam-1", "");
    tell("started", "it's, too-22", "");
    tell("started", "cam-1000", "");
    tell("started", "cam-2", ",\"direction\":\"out\"");

    untilRecorded("cam-0 in", "cam-1 in", "it's, too-22 in");

    for (String name : List.of("cam-0", "cam-1", "it's, too-22")) {
      tell("ended", name, "");
    }
    await().until(() -> recorders.api.list().recorders().isEmpty());
    recorders.begin();
    untilRecorded();
  }

  @Test
  void namesAreTakenToTheLetter() throws Exception {
    given.put("reelway.recorder.streams", "regex:null|cam|it's|'x'");
    open();
    run(shipped());
    for (String name : List.of("null", "cam", "'cam'", "'x'")) {
      tell("started", name, "");
    }

    untilRecorded("null in", "cam in", "'x' in");
  }

  @Test
  void whereEveryStreamIsOffRecordingsBeginByRequestAndEndWithTheirStream() throws Exception {
    given.put("reelway.recorder.every-stream", "false");
    open();
    run(shipped());
    tell("started", "cam", "");
    await().until(() -> events.registry.live().size() == 1);

    recorders.api.start(new RecorderApi.StartRecording("cam", null, null));

    untilRecorded("cam in");
    tell("ended", "cam", "");
    await().until(() -> recorders.api.list().recorders().isEmpty());
    assertThatThrownBy(() -> recorders.api.start(new RecorderApi.StartRecording("cam", null, null)))
        .isInstanceOf(NotFound.class);
  }

  @Test
  void aSecondRuleWithAFolderOfItsOwnIsAnEditOfThisFile() throws Exception {
    Path routes = Recipe.shippedRoutes(folder.resolve("routes"));
    Recipe.add("vip-recorder.steps.yaml", routes);
    open();
    run(Files.readString(routes.resolve(FILE)));

    tell("started", "cam-1", "");
    tell("started", "vip-1", "");

    untilRecorded("cam-1 in", "vip-1 in/vip");
  }

  @Test
  void aFolderThatNoRouteWatchesIsALineInTheLogAndHoldsUpNothing() throws Exception {
    open();
    try (LogLines log = new LogLines("org")) {
      run(shipped().replace("folder: \"{{reelway.recorder.folder}}\"", "folder: " + folder.resolve("elsewhere")));

      tell("started", "cam-1", "");

      await().until(() -> log.all().stream().anyMatch(line -> line.startsWith("WARN the event")));
      assertThat(log.all()).filteredOn(line -> line.startsWith("WARN the event")).singleElement().asString()
          .contains("the route recorder failed", "elsewhere", folder.resolve("in").toString());
      untilRecorded();
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = ';', value = {
      "rotation: \"{{reelway.recorder.rotation}}\"; rotation: 5K; 5K",
      "name: \"{{reelway.recorder.name}}\"; name: '{stream}'; {stream}",
      "by: \"{{reelway.recorder.by}}\"; by: nobody; allowed are [server, reelway]"})
  void aWrongParameterStopsTheStart(String shippedLine, String wrong, String words) throws Exception {
    open();
    String edited = shipped().replace(shippedLine, wrong);
    assertThat(edited).isNotEqualTo(shipped());

    assertThatThrownBy(() -> run(edited)).hasStackTraceContaining(words);
  }
}
