package org.reelway.camel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.reelway.settings.access.Account;
import org.reelway.settings.access.Role;
import org.reelway.testkit.LogLines;

/** Who asks for an operation over JMX chooses its name. */
class AuditTest {
  private static final Account VERA = new Account("vera", Role.READ);

  private final Audit audit = new Audit(Clock.systemUTC());

  @Test
  void nobodyWritesALineOfHisOwn() {
    try (LogLines log = new LogLines(Audit.LOGGER)) {
      audit.note(VERA, "192.0.2.1", "JMX a:b=c stop\nINFO olga (operate) from 127.0.0.1: DELETE /mixes/m1 -> 200\u001b[2J", 403);

      assertThat(log.of("INFO")).containsExactly(
          "INFO vera (read) from 192.0.2.1: JMX a:b=c stop?INFO olga (operate) from 127.0.0.1: DELETE /mixes/m1 -> 200?[2J -> 403");
    }
  }

  @Test
  void longWordsAreCutBeforeTheyAreKept() {
    audit.note(VERA, "192.0.2.1", "JMX " + "x".repeat(1_000_000), 403);

    assertThat(audit.newest()).singleElement().extracting(action -> action.what().length()).isEqualTo(303);
  }
}
