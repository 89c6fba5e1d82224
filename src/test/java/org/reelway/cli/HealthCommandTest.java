package org.reelway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;
import org.reelway.config.Settings;
import org.reelway.demo.EmbeddedStore;
import picocli.CommandLine;

/** With a real sidecar and a real store. */
class HealthCommandTest {
  private static final String BUCKET = "recordings";

  @TempDir Path folder;

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final StringWriter said = new StringWriter();
  private EmbeddedStore store;

  @BeforeEach
  void startStore() throws Exception {
    store = EmbeddedStore.start(folder.resolve("store"), 0, "key", "secret-of-the-store");
    settings.put("reelway.recordings.folder", Files.createDirectory(folder.resolve("recordings")).toString());
    settings.put("reelway.state.folder", folder.resolve("state").toString());
    settings.put("reelway.store.endpoint", store.endpoint().toString());
    settings.put("reelway.store.bucket", BUCKET);
    settings.put("reelway.store.access-key", "key");
    settings.put("reelway.store.secret-key", "secret-of-the-store");
    settings.put("reelway.http.port", "0");
    settings.put("reelway.management.port", "0");
  }

  @AfterEach
  void stopStore() {
    store.close();
  }

  @Test
  void aSidecarWhoseStoreTakesRecordingsIsHealthyAndOneThatStoppedIsNot() {
    store.createBucket(BUCKET);
    try (Sidecar running = started()) {
      assertThat(running.camelContext().isStarted()).isTrue();
      assertThat(health()).as(said()).isZero();
      assertThat(said()).startsWith("healthy: ");
      assertThat(health("--ready")).isZero();
    }
    assertThat(health()).isEqualTo(1);
    assertThat(said()).contains("no answer from http://127.0.0.1:", "/observe/health", "does the sidecar run?");
  }

  @Test
  void aBucketThatIsMissingIsToldButIsNoReasonForARestart() {
    try (Sidecar running = started()) {
      assertThat(running.camelContext().isStarted()).isTrue();
      assertThat(health()).isEqualTo(1);
      assertThat(said()).startsWith("not healthy: 1 of ").contains("store is down: ", "/" + BUCKET).doesNotContain("\\/");
      assertThat(health("--ready")).isEqualTo(1);
      assertThat(health("--live")).as(said()).isZero();
    }
  }

  @Test
  void theCredentialsOfTheSettingsAreGivenWhereTheServerListensEverywhere() {
    store.createBucket(BUCKET);
    settings.put("reelway.management.host", "0.0.0.0");
    settings.put("reelway.management.username", "operator");
    settings.put("reelway.management.password", "pässword");
    try (Sidecar running = started()) {
      assertThat(running.camelContext().isStarted()).isTrue();
      assertThat(health()).as(said()).isZero();
      settings.put("reelway.management.password", "another");
      assertThat(health()).isEqualTo(1);
      assertThat(said()).contains("answers 401", "same username and password").doesNotContain("another");
    }
  }

  @Test
  void aPortThatNobodyKnowsAndTwoKindsAtOnceAreErrorsOfTheCommandLine() {
    assertThat(health()).isEqualTo(2);
    assertThat(said()).contains("reelway.management.port is 0");
    assertThat(health("--live", "--ready")).isEqualTo(2);
  }

  private Sidecar started() {
    Sidecar sidecar = new Sidecar(Settings.load(null, Map.of(), settings), Path.of("."));
    sidecar.start();
    settings.put("reelway.management.port", String.valueOf(sidecar.management().getPort()));
    return sidecar;
  }

  private int health(String... options) {
    List<String> arguments = new ArrayList<>(List.of("health"));
    arguments.addAll(List.of(options));
    settings.forEach((key, value) -> arguments.addAll(List.of("-s", key + "=" + value)));
    said.getBuffer().setLength(0);
    PrintWriter writer = new PrintWriter(said, true);
    CommandLine commandLine = CommandLineProgram.commandLine().setOut(writer).setErr(writer);
    return commandLine.execute(arguments.toArray(String[]::new));
  }

  private String said() {
    return said.toString();
  }
}
