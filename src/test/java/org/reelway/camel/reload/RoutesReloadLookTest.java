package org.reelway.camel.reload;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.recording.SetClock;

/** When the folders are looked at. */
class RoutesReloadLookTest {
  @TempDir Path folder;
  private final SetClock clock = new SetClock(Instant.EPOCH);
  private int checks;
  private RoutesReload reload;

  @BeforeEach
  void begin() throws IOException {
    reload = new RoutesReload(folder, folder.resolve("kamelets"), this::check, null, () -> null, new SimpleMeterRegistry(), clock);
    reload.begin();
  }

  private List<String> check() {
    checks++;
    return List.of();
  }

  private void looks() throws InterruptedException {
    reload.look();
    reload.look();
  }

  @Test
  void whatCannotBeReadIsTriedAgainAfterAWhileAndNotAtEachLook() throws Exception {
    // What is no text stands for a disk that gives nothing.
    Files.write(folder.resolve("10-mine.camel.yaml"), new byte[] {(byte) 0xff});
    looks();
    looks();
    assertThat(reload.status().state()).isEqualTo(RoutesReload.State.REFUSED);
    assertThat(checks).isEqualTo(1);

    clock.forward(Duration.ofSeconds(31));
    looks();
    assertThat(checks).isEqualTo(2);
  }
}
