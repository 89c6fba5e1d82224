package org.reelway.callback;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.reelway.state.TestState;

/** The outbox where the state is on PostgreSQL. */
class OutboxOnPostgresTest extends OutboxTest {
  @Override
  @BeforeEach
  void open() {
    TestState.onPostgres(folder);
    super.open();
  }

  @AfterAll
  static void closeAll() {
    TestState.closeAll();
  }
}
