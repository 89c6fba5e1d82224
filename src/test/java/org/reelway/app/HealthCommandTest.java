package org.reelway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.camel.Sidecar;

/** With a real sidecar and a real store. */
class HealthCommandTest {
  @TempDir Path folder;

  private SidecarFixture fixture;

  @BeforeEach
  void startStore() throws Exception {
    fixture = new SidecarFixture(folder);
  }

  @AfterEach
  void stopStore() {
    fixture.close();
  }

  @Test
  void aSidecarWhoseStoreTakesRecordingsIsHealthyAndOneThatStoppedIsNot() {
    fixture.store.createBucket(SidecarFixture.BUCKET);
    try (Sidecar running = fixture.started()) {
      assertThat(running.camelContext().isStarted()).isTrue();
      // The store is asked behind the start's back.
      await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(health()).isZero());
      assertThat(said()).startsWith("healthy: ");
      assertThat(health("--ready")).isZero();
    }
    assertThat(health()).isEqualTo(1);
    assertThat(said()).contains("no answer from http://127.0.0.1:", "/observe/health", "does the sidecar run?");
  }

  @Test
  void aBucketThatIsMissingIsToldButIsNoReasonForARestart() {
    try (Sidecar running = fixture.started()) {
      assertThat(running.camelContext().isStarted()).isTrue();
      assertThat(health()).isEqualTo(1);
      assertThat(said()).startsWith("not healthy: 1 of ").contains("store is down: ", "/" + SidecarFixture.BUCKET).doesNotContain("\\/");
      assertThat(health("--ready")).isEqualTo(1);
      assertThat(health("--live")).as(said()).isZero();
    }
  }

  @Test
  void theCredentialsOfTheSettingsAreGivenWhereTheServerListensEverywhere() {
    fixture.store.createBucket(SidecarFixture.BUCKET);
    fixture.settings.put("reelway.management.host", "0.0.0.0");
    fixture.settings.put("reelway.management.username", "operator");
    fixture.settings.put("reelway.management.password", "pässword");
    try (Sidecar running = fixture.started()) {
      assertThat(running.camelContext().isStarted()).isTrue();
      assertThat(health()).as(said()).isZero();
      fixture.settings.put("reelway.management.password", "another");
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

  private int health(String... options) {
    String[] words = new String[options.length + 1];
    words[0] = "health";
    System.arraycopy(options, 0, words, 1, options.length);
    return fixture.command(words);
  }

  private String said() {
    return fixture.said();
  }
}
