package org.reelway.stream.workflow;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.reelway.state.TestState;

/** The live workflow where the state is on PostgreSQL. */
class LiveWorkflowOnPostgresTest extends LiveWorkflowTest {
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
