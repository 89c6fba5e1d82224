package org.reelway.state;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;

/** What the state does, on PostgreSQL. */
class StateOnPostgresTest extends StateTest {
  @BeforeEach
  void onPostgres() {
    TestState.onPostgres(state);
  }

  @AfterAll
  static void closeAll() {
    TestState.closeAll();
  }
}
