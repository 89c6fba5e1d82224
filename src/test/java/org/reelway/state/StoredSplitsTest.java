package org.reelway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of files of sections, in both databases. */
class StoredSplitsTest {
  @TempDir Path folder;

  @Test
  void inSqlite() {
    storesThem(StateDatabase.open(folder, Clock.systemUTC()).jdbi());
  }

  @Test
  void inPostgres() {
    TestState.onPostgres(folder);
    try (StateDatabase database = TestState.open(folder, Clock.systemUTC())) {
      storesThem(database.jdbi());
    }
  }

  private static SplitRow row(String split, int section, long at) {
    return new SplitRow(
        split, section, "cam", "s1", "s3://bucket/a/", 300, section * 1_000_000L, 9_000_000, section == 1, "/r/" + split + section + ".mp4",
        SplitRow.State.WAITING, 0, "", "", Instant.ofEpochMilli(at), null);
  }

  private static void storesThem(Jdbi jdbi) {
    try (StateWriter writer = new StateWriter(jdbi)) {
      StoredSplits stored = new StoredSplits(jdbi, writer, "here");
      List<SplitRow> clip = IntStream.range(0, 2).mapToObj(i -> row("clip", i, 2000)).toList();
      stored.put(clip);
      stored.put(List.of(row("before", 0, 1000)));
      assertThat(stored.split("clip")).isEqualTo(clip);
      assertThat(stored.open()).extracting(SplitRow::split).containsExactly("before", "clip", "clip");
      assertThat(stored.waiting()).isEqualTo(3);

      SplitRow again = clip.get(0).waiting(1, "x".repeat(5000));
      stored.put(again);
      assertThat(stored.split("clip").get(0).trouble()).hasSize(1000);
      SplitRow made = again.placing("edges").made(Instant.ofEpochMilli(3000));
      stored.put(made);
      stored.put(clip.get(1).failed("torn", Instant.ofEpochMilli(3000)));
      assertThat(stored.split("clip").get(0)).isEqualTo(made);
      assertThat(stored.waiting()).isEqualTo(1);
      stored.told("clip");
      assertThat(stored.open()).extracting(SplitRow::split).containsExactly("before");
      assertThat(stored.ofStream("cam")).extracting(SplitRow::file).containsExactly("/r/before0.mp4", "/r/clip0.mp4", "/r/clip1.mp4");

      jdbi.useHandle(handle -> handle.execute("UPDATE workflow_split SET state = 'LOST' WHERE split_id = 'before'"));
      assertThat(stored.open()).isEmpty();
    }
  }
}
