package org.reelway.transfer.flow;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.reelway.state.TestState;

/** The backup where the state is on PostgreSQL. */
class BackupOnPostgresTest extends BackupTest {
  @Override
  @BeforeEach
  void join() {
    TestState.onPostgres(temp);
    super.join();
  }

  @AfterAll
  static void closeAll() {
    TestState.closeAll();
  }
}
