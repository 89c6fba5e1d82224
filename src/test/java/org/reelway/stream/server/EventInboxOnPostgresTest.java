package org.reelway.stream.server;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.reelway.state.TestState;

/** Events and streams where the state is on PostgreSQL. */
class EventInboxOnPostgresTest extends EventInboxTest {
  @Override
  @BeforeEach
  void start() {
    TestState.onPostgres(folder);
    super.start();
  }

  @AfterAll
  static void closeAll() {
    TestState.closeAll();
  }
}
