package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.failure.InputFailure;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.testkit.HttpCalls;

/** Operators' programs in the routes that are shipped, with a real sidecar and a real store. */
class ProgramsTest {
  @TempDir Path folder;

  private SidecarFixture fixture;
  private Path ran;

  @BeforeEach
  void startStore() throws Exception {
    fixture = new SidecarFixture(folder);
    fixture.store.createBucket(SidecarFixture.BUCKET);
    fixture.settings.put("reelway.recordings.rescan-every", "1s");
    ran = folder.resolve("ran");
  }

  @AfterEach
  void stopStore() {
    fixture.close();
  }

  private Path script(String name, String... lines) throws IOException {
    Path script = folder.resolve(name);
    Files.writeString(script, "#!/bin/sh\necho \"${0##*/} $*\" >> " + ran + "\n" + String.join("\n", lines) + "\n");
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private void marked(String name) throws IOException {
    fixture.file(name, "content of " + name);
    Files.createFile(fixture.recordings.resolve(name + ".upload"));
  }

  private static RecordingStory story(Sidecar sidecar, RecordingState state, String name) {
    await().atMost(Duration.ofSeconds(20)).until(() -> find(sidecar, state, name), Optional::isPresent);
    return find(sidecar, state, name).orElseThrow();
  }

  private static Optional<RecordingStory> find(Sidecar sidecar, RecordingState state, String name) {
    return sidecar.history().list(Optional.of(state), 100).stream()
        .filter(story -> story.path().equals(name)).findFirst();
  }

  @Test
  void aRecordingAndAMixAreSeenByTheirProgramsBeforeTheyAreSent() throws Exception {
    Path gate = folder.resolve("gate");
    Path program =
        script(
            "after-recording.sh", "while ! test -e " + gate + "; do sleep 0.05; done",
            "printf 'made by the program' > \"$2.tmp\"", "mv \"$2.tmp\" \"$2\"");
    Path mixes = script("after-mix.sh", "exit 3");
    fixture.settings.put("reelway.program.after-recording", "'" + program + "' {name} {file}");
    fixture.settings.put("reelway.program.after-mix", mixes + " {path}");
    try (Sidecar running = fixture.started()) {
      marked("call.mp4");
      await().until(() -> Files.exists(ran));
      // While its program runs, others are sent.
      marked("other_mixed.mp4");
      story(running, RecordingState.DONE, "other_mixed.mp4");
      assertThat(find(running, RecordingState.DONE, "call.mp4")).isEmpty();
      Files.createFile(gate);
      RecordingStory sent = story(running, RecordingState.DONE, "call.mp4");
      assertThat(sent.size()).isEqualTo("made by the program".length());
      RecordingStory before = story(running, RecordingState.DISCARDED, "call.mp4");
      assertThat(running.history().find(before.id()).orElseThrow().events())
          .extracting(RecordingStory.Event::what).noneMatch(what -> what.startsWith("verified"));
      marked("call_mixed.mp4");
      RecordingStory mix = story(running, RecordingState.DONE, "call_mixed.mp4");

      assertThat(Files.readAllLines(ran))
          .containsExactly(
              "after-recording.sh call.mp4 " + fixture.recordings.resolve("call.mp4"),
              "after-mix.sh other_mixed.mp4", "after-mix.sh call_mixed.mp4");
      assertThat(program(running, sent).path("state").asText())
          .isEqualTo("done");
      assertThat(program(running, mix).toString())
          .contains("\"state\":\"failed\"", "\"exitCode\":3");
      assertThat(new HttpCalls(running.management()).get("/observe/metrics").body())
          .contains("reelway_programs_seconds_count{outcome=\"done\"} 1", "outcome=\"failed\"} 2");
      assertThat(health(running).path("message").asText()).contains("call_mixed.mp4: exit code 3");
      assertThat(health(running).path("data").path("programs.state").asText()).isEqualTo("degraded");
    }
  }

  private static JsonNode health(Sidecar sidecar) {
    for (JsonNode check : new HttpCalls(sidecar.management()).get("/observe/health?data=true").json().path("checks")) {
      if (check.path("name").asText().equals("programs")) {
        return check;
      }
    }
    throw new AssertionError("no such check");
  }

  private static JsonNode program(Sidecar sidecar, RecordingStory story) throws Exception {
    return new HttpCalls(sidecar.http()).get("/recordings/" + story.id()).json().path("program");
  }

  @Test
  void aRecordingThatIsHeldIsSetAsideWithItsReasonAndReleasedByCommand() throws Exception {
    Path program = script("hook.sh", "test -e " + folder + "/mended || exit 4");
    fixture.settings.put("reelway.program.after-recording", program.toString());
    fixture.settings.put("reelway.program.on-failure", "hold");
    try (Sidecar running = fixture.started()) {
      marked("held.mp4");
      RecordingStory held = story(running, RecordingState.SET_ASIDE, "held.mp4");
      assertThat(held.lastError()).contains("held.mp4 failed: exit code 4");
      Files.createFile(folder.resolve("mended"));

      assertThat(fixture.command("release", held.id())).as(fixture.said()).isZero();

      story(running, RecordingState.DONE, "held.mp4");
      assertThat(Files.readAllLines(ran)).hasSize(2);
    }
  }

  @Test
  void aProgramThatIsNotThereIsSaidByTheCheckAndStopsTheStart() throws Exception {
    fixture.settings.put("reelway.program.after-mix", folder.resolve("no-such.sh") + " {file}");

    assertThat(fixture.command("check")).isEqualTo(1);
    assertThat(fixture.said())
        .contains("reelway.program.after-mix begins with " + folder.resolve("no-such.sh") + ", which is not there");
    assertThatThrownBy(() -> fixture.started()).isInstanceOf(InputFailure.class).hasMessageContaining("is not there");

    fixture.settings.put("reelway.program.after-mix", Files.writeString(folder.resolve("a.sh"), "") + " {file}");
    fixture.settings.put("reelway.program.after-recording", "true {file}");
    fixture.command("check");
    assertThat(fixture.said()).contains("a.sh, which is not executable");
    fixture.settings.remove("reelway.program.after-mix");
    assertThat(fixture.command("check")).as(fixture.said()).isZero();
    assertThat(fixture.said()).containsPattern("program /.*/true \\(reelway.program.after-recording\\)");
    assertThat(List.of(fixture.said().split("\n"))).noneMatch(line -> line.contains("after-mix"));
  }
}
