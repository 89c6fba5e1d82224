package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.testkit.CallbackReceiver;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.OtlpReceiver;
import org.reelway.testkit.OtlpReceiver.Received;
import org.reelway.testkit.Recordings;
import org.reelway.testkit.SlowWire;
import org.reelway.testkit.TestStore;

/** {@code reelway.telemetry.endpoint}: what a collector gets of a recording's life. */
class TracesIT {
  private static final int SIZE = 30 * Recordings.MIB;

  @TempDir Path folder;
  private TestStore store;
  private OtlpReceiver collector;
  private Recordings recordings;

  @BeforeEach
  void start() {
    store = TestStore.start(folder.resolve("store"));
    collector = new OtlpReceiver();
    recordings = new Recordings(folder.resolve("recordings"));
  }

  @AfterEach
  void stop() {
    collector.close();
    store.close();
  }

  private List<Received> spans(String name) {
    return collector.spans().stream().filter(span -> span.name().equals(name)).toList();
  }

  private static JsonNode story(ChildReelway child) {
    return child.http().get("/recordings").json().at("/recordings/0");
  }

  @Test
  void oneTraceGoesThroughAKillFromFoundToToldAndLeavesNoSecret() throws IOException {
    try (CallbackReceiver backend = new CallbackReceiver(); SlowWire wire = SlowWire.to(store.endpoint(), 17L * Recordings.MIB)) {
      ChildReelway.CommandLine sidecar = ChildReelway.sidecar(folder, wire.endpoint())
          .set("reelway.telemetry.endpoint", collector.endpoint())
          .set("reelway.telemetry.headers", "Authorization=Bearer hunter1")
          .set("reelway.log.format", "json")
          .set("reelway.transfer.parts-at-once", 2)
          .set("reelway.callbacks.url", "cms=" + backend.uri("/told?key=hunter2"))
          .set("reelway.callbacks.allow-private", "127.0.0.1");
      Path file = recordings.random("cam1.mp4", SIZE, 1);
      String trace;
      try (ChildReelway child = sidecar.startReady()) {
        Recordings.mark(file);
        child.await("parts are told of", () -> spans("part").size() >= 2);
        trace = story(child).path("trace").asText();
        child.kill();
        wire.cut();
      }
      int before = spans("part").size();
      wire.allowAll();
      try (ChildReelway child = sidecar.startReady()) {
        child.await("its life is told", () -> !spans("recording").isEmpty());
        child.await("the backend is told", () -> !backend.received().isEmpty());
        child.await("so is that", () -> !spans("POST").isEmpty());
        assertThat(story(child).path("trace").asText()).isEqualTo(trace).hasSize(32);
        JsonNode line = JsonMapper.builder().build()
            .readTree(child.err().lines().filter(each -> each.contains("cam1.mp4 → ")
                || each.contains("cam1.mp4 \\u2192 ")).findFirst().orElseThrow());
        assertThat(line.path("trace").asText()).isEqualTo(trace);
        child.terminate();
        child.awaitExit();
      }

      Received life = spans("recording").get(0);
      assertThat(spans("recording")).hasSize(1);
      assertThat(life.parent()).isEmpty();
      assertThat(life.failed()).isFalse();
      assertThat(life.attributes()).containsEntry("reelway.recording.file", file.toString())
          .containsEntry("reelway.object.key", "cam1.mp4").containsEntry("reelway.recording.state", "done");
      assertThat(life.events()).anyMatch(event -> event.startsWith("found")).anyMatch(event -> event.startsWith("resumed: "))
          .anyMatch(event -> event.startsWith("verified")).anyMatch(event -> event.startsWith("tidied"));
      assertThat(life.resource()).containsEntry("service.name", "reelway").containsKey("service.instance.id");

      Received sent = spans("transfer").get(0);
      assertThat(spans("transfer")).as("the try that was killed has no end").hasSize(1);
      assertThat(sent.events()).contains("verified");
      assertThat(spans("part").subList(before, spans("part").size())).isNotEmpty()
          .allSatisfy(part -> assertThat(part.parent()).isEqualTo(sent.id()))
          .allSatisfy(part -> assertThat(part.endNanos()).isGreaterThan(part.beginNanos()));
      assertThat(spans("part")).extracting(part -> part.attributes().get("reelway.part.number")).contains("1", "2", "6");
      assertThat(spans("part").stream().mapToInt(part -> Integer.parseInt(part.attributes().get("reelway.part.bytes"))).sum())
          .isBetween(SIZE, SIZE + 2 * Recordings.PART);

      Received told = spans("POST").get(0);
      assertThat(backend.received().get(0).headers().entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase("traceparent")).findFirst().orElseThrow().getValue())
          .isEqualTo("00-" + trace + "-" + told.id() + "-01");

      List<Received> all = collector.spans();
      assertThat(all).as("spans of the recording").allSatisfy(span -> assertThat(span.trace()).isEqualTo(trace));
      Set<String> ids = all.stream().map(Received::id).collect(Collectors.toCollection(HashSet::new));
      assertThat(all.stream().filter(span -> !span.parent().isEmpty() && !ids.contains(span.parent())).map(Received::name))
          .as("those whose parent died with the killed process").containsOnly("part", "reelway program");
      assertThat(all.toString()).doesNotContain("hunter");
      assertThat(collector.authorizations()).containsOnly("Bearer hunter1");
    }
  }

  @Test
  void aCollectorThatIsAwayHoldsUpNothingAndIsToldOnce() throws IOException {
    collector.answer(500);
    try (ChildReelway child = ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.telemetry.endpoint", collector.endpoint()).startReady()) {
      Recordings.mark(recordings.random("one.mp4", 1000, 1));
      child.awaitLog("traces do not get to " + collector.endpoint());
      Recordings.mark(recordings.random("two.mp4", 1000, 2));
      child.await("both are sent", () -> store.keys().size() == 2);
      child.await("spans are lost", () -> child.management().get("/observe/metrics").body()
          .contains("reelway_telemetry_spans_total{result=\"lost\"}"));
      collector.answer(200);
      Recordings.mark(recordings.random("three.mp4", 1000, 3));
      child.awaitLog("traces get to " + collector.endpoint());
      assertThat(child.err().lines().filter(line -> line.contains("traces do not get to"))).hasSize(1);
      assertThat(child.err().lines().filter(line -> line.contains(" WARN "))).hasSize(1);
      assertThat(child.err()).doesNotContain("io.opentelemetry");
    }
  }

  @Test
  void withoutItsLibrariesTheStartSaysWhereTheyAre() throws IOException {
    Path alone = Files.writeString(folder.resolve("java"), """
        #!/bin/sh
        for word in "$@"; do shift; case $word in *telemetry-lib*) word=%s ;; esac; set -- "$@" "$word"; done
        exec '%s/bin/java' "$@"
        """.formatted(Path.of("target/reelway.jar").toAbsolutePath(), System.getProperty("java.home")));
    alone.toFile().setExecutable(true);
    ChildReelway.Finished finished = ChildReelway.sidecar(folder, store.endpoint())
        .set("reelway.telemetry.endpoint", collector.endpoint()).environment("REELWAY_JAVA", alone.toString()).finish();
    assertThat(finished.code()).isEqualTo(2);
    assertThat(finished.err()).contains("OpenTelemetry's libraries are not on the class path").contains("telemetry-lib");
    ChildReelway.CommandLine check = ChildReelway.command(folder, "check")
        .set("reelway.telemetry.endpoint", collector.endpoint()).set("reelway.store.bucket", "none")
        .set("reelway.store.endpoint", "http://127.0.0.1:9").set("reelway.store.access-key", "a").set("reelway.store.secret-key", "b");
    assertThat(check.finish().out()).containsPattern("collector +ok +can be reached");
    assertThat(check.environment("REELWAY_JAVA", alone.toString()).finish().out()).contains("libraries are not on the class path");
    try (Stream<Path> lib = Files.list(Path.of("target/lib"))) {
      assertThat(lib.map(Path::getFileName).map(Path::toString)).noneMatch(jar -> jar.startsWith("opentelemetry"));
    }
  }
}
