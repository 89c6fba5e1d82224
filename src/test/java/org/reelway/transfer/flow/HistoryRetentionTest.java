package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.recording.MarkedRecording;
import org.reelway.state.RecordingState;
import org.reelway.testkit.TestStore;

class HistoryRetentionTest {
  private static final Duration AGE = Duration.ofDays(90);

  @TempDir Path temp;

  private static String ended(FlowFixture parts, String name, RecordingState state) {
    MarkedRecording recording = parts.marked(name);
    String id = RecordingFlow.idOf(recording);
    parts.history.found(id, recording.file().toString(), recording.path(), 1, null, "marker");
    parts.history.state(id, state, "ended");
    parts.finished.add(id);
    parts.awaitState(id, state.word());
    return id;
  }

  @Test
  void onlyOldRecordingsWhoseFilesAreGoneAreForgotten() throws Exception {
    try (TestStore server = TestStore.start(temp.resolve("store"));
        FlowFixture parts = new FlowFixture(temp, server)) {
      String gone = ended(parts, "x/gone.mp4", RecordingState.DONE);
      String replaced = ended(parts, "replaced.mp4", RecordingState.SKIPPED);
      String there = ended(parts, "there.mp4", RecordingState.DONE);
      String waiting = ended(parts, "waiting.mp4", RecordingState.WAITING);
      parts.clock.forward(AGE.plusMillis(1));
      String young = ended(parts, "young.mp4", RecordingState.DONE);
      Path root = parts.folder.root();
      for (String name : new String[] {"x/gone.mp4", "waiting.mp4", "young.mp4"}) {
        Files.delete(root.resolve(name));
      }
      Files.writeString(root.resolve("replaced.mp4"), "another");
      HistoryRetention retention = new HistoryRetention(parts.history, parts.finished);

      // A mount that is away shows no file of all that are on it.
      Path away = Files.move(root, temp.resolve("away"));
      assertThat(retention.forgetOlderThan(AGE)).isZero();
      Files.createDirectory(root);
      assertThat(retention.forgetOlderThan(AGE)).isZero();
      Files.delete(root);
      Files.move(away, root);

      assertThat(retention.forgetOlderThan(AGE)).isEqualTo(2);

      assertThat(parts.history.find(gone)).isEmpty();
      assertThat(parts.history.find(replaced)).isEmpty();
      assertThat(parts.finished.contains(gone)).isFalse();
      for (String kept : new String[] {there, waiting, young}) {
        assertThat(parts.history.find(kept)).isPresent();
        assertThat(parts.finished.contains(kept)).isTrue();
      }
    }
  }
}
