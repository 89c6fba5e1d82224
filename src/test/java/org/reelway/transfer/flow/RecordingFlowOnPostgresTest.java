package org.reelway.transfer.flow;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.reelway.state.TestState;

/** The way of a recording where the state is on PostgreSQL. */
class RecordingFlowOnPostgresTest extends RecordingFlowTest {
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
