package org.reelway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.Settings;
import org.reelway.state.TestState;
import org.reelway.testkit.ChildReelway;
import org.reelway.testkit.ChildReelway.CommandLine;
import org.reelway.testkit.ChildReelway.Finished;

/** {@code reelway settings} says what is in force and who says so, and shows nothing secret. */
class ShownSettingsIT {
  @TempDir Path folder;

  @BeforeEach
  void writeFile() throws IOException {
    Files.writeString(folder.resolve("application.properties"), """
        # of this machine
        reelway.store.bucket=recordings
        reelway.store.secret-key=hunter2
        reelway.recordings.settle-time=120s

        camel.component.jms.password=hunter3
        """);
  }

  private CommandLine settings(String... options) {
    List<String> words = new ArrayList<>(List.of("settings"));
    words.addAll(List.of(options));
    return ChildReelway.command(folder, words.toArray(String[]::new))
        .environment("REELWAY_STORE_ACCESS_KEY", "AKIA1")
        .set("reelway.transfer.bandwidth", "5MiB/s");
  }

  @Test
  void whatIsNotAsByDefaultIsTold() {
    assumeFalse(TestState.isOnPostgres(folder), "where the state is would be told as well");
    Finished finished = settings("--changed").finish();

    assertThat(finished).isEqualTo(new Finished(0, """
        setting                       value        from
        reelway.transfer.bandwidth    5MiB/s       --set
        reelway.store.bucket          recordings   application.properties:2
        reelway.store.access-key      *****        environment REELWAY_STORE_ACCESS_KEY
        reelway.store.secret-key      *****        application.properties:3
        camel.component.jms.password  (not shown)  application.properties:6
        """, ""));
  }

  @Test
  void everySettingIsToldToPrograms() throws IOException {
    Finished finished = settings("--json").finish();

    assertThat(finished.code()).as(finished.err()).isZero();
    assertThat(finished.out()).doesNotContain("hunter", "AKIA1");
    JsonNode all = JsonMapper.builder().build().readTree(finished.out());
    assertThat(all.path("settings")).hasSameSizeAs(Settings.all());
    assertThat(all.path("settings")).extracting(JsonNode::toString).contains(
        "{\"key\":\"reelway.recordings.settle-time\",\"value\":\"120s\",\"from\":\"application.properties:4\","
            + "\"changed\":false,\"secret\":false}",
        "{\"key\":\"reelway.store.secret-key\",\"value\":\"*****\",\"from\":\"application.properties:3\","
            + "\"changed\":true,\"secret\":true}",
        "{\"key\":\"reelway.http.port\",\"value\":\"8090\",\"from\":\"default\",\"changed\":false,\"secret\":false}");
    assertThat(all.path("others").toString())
        .isEqualTo("[{\"key\":\"camel.component.jms.password\",\"from\":\"application.properties:6\"}]");
  }

  @Test
  void settingsThatAreWrongAreToldInstead() {
    Finished finished = settings().set("reelway.http.port", "many").finish();

    assertThat(finished.code()).isEqualTo(2);
    assertThat(finished.out()).isEmpty();
    assertThat(finished.err()).startsWith("reelway: --set: reelway.http.port: \"many\"");
  }

  @Test
  void aSupportBundleIsWrittenWithoutASidecarToo() throws IOException {
    Finished finished = ChildReelway.command(folder, "support").environment("REELWAY_STORE_ACCESS_KEY", "AKIA1").set("reelway.http.port", 9).finish();

    assertThat(finished.code()).as(finished.err()).isZero();
    assertThat(finished.out()).matches("reelway-support-\\d{8}-\\d{6}\\.zip\n");
    assertThat(folder.resolve(finished.out().strip())).isNotEmptyFile();
    assertThat(finished.err()).contains("no sidecar answered").contains("look through it");
  }
}
