package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reelway.state.Leases.Lease;

class LeasesTest {
  @TempDir Path folder;

  @AfterAll
  static void closeAll() {
    TestState.closeAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneNodeAtATimeHasALeaseAndItsFenceTellsItFromTheOneBefore(boolean isOnPostgres) {
    if (isOnPostgres) {
      TestState.onPostgres(folder);
    }
    StateDatabase database = TestState.open(folder, Clock.systemUTC());
    Leases one = new Leases(database.jdbi(), Clock.systemUTC(), "one");
    Leases two = new Leases(database.jdbi(), Clock.systemUTC(), "two");
    Lease first = one.take("a").orElseThrow();
    assertThat(two.take("a")).isEmpty();
    assertThat(two.take("b")).isPresent();
    assertThat(one.take("a")).as("made longer").contains(first);
    assertThat(one.trusted("a")).contains(first);
    assertThat(two.trusted("a")).isEmpty();

    database.jdbi().useHandle(handle -> handle.execute("UPDATE lease SET ends_at = 1 WHERE name = 'a'"));
    assertThat(one.take("a")).as("nobody had it meanwhile").contains(first);

    database.jdbi().useHandle(handle -> handle.execute("UPDATE lease SET ends_at = 1 WHERE name = 'a'"));
    Lease taken = two.take("a").orElseThrow();
    assertThat(taken.fence()).isGreaterThan(first.fence());
    assertThat(one.take("a")).isEmpty();
    assertThat(one.trusted("a")).isEmpty();

    one.release(first);
    assertThat(one.take("a")).as("it was not its own any more").isEmpty();
    two.release(taken);
    Lease again = one.take("a").orElseThrow();
    assertThat(again.fence()).isGreaterThan(taken.fence());
    assertThat(new Leases(database.jdbi(), Clock.systemUTC(), "one").take("a").orElseThrow().fence())
        .as("another process of the node").isGreaterThan(again.fence());
    database.close();
  }
}
