package org.reelway.transfer.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.testkit.TestStore;

class StoreReturnTest {
  @TempDir Path temp;

  @Test
  void recordingsThatWaitForTheStoreGoAsSoonAsItIsBack() throws Exception {
    Path objects = temp.resolve("store");
    TestStore server = TestStore.start(objects);
    int port = server.endpoint().getPort();
    try (FlowFixture parts = new FlowFixture(temp, server)) {
      parts.folders.add(parts.intake);
      StoreReturn storeReturn = new StoreReturn(parts.store, TestStore.BUCKET, parts.outlook, parts.folders);
      RecordingWork work = parts.inHand(parts.marked("a.mp4"));
      server.close();
      Throwable away = catchThrowable(() -> parts.flow.transfer(work, FlowFixture.target()));
      parts.flow.ended(work, away);
      assertThat(parts.outlook.error()).isPresent();

      storeReturn.look();
      assertThat(parts.nothingIsDue()).as("while it is away").isTrue();

      server = TestStore.start(objects, port);
      storeReturn.look();
      RecordingWork again = parts.next();
      parts.flow.transfer(again, FlowFixture.target());
      parts.flow.tidy(again, Tidy.KEEP, null);

      assertThat(server.has("a.mp4")).isTrue();
      assertThat(parts.outlook.error()).isEmpty();
    } finally {
      server.close();
    }
  }

  @Test
  void nothingThatWaitsForAnotherReasonIsHurried() throws Exception {
    try (TestStore server = TestStore.start(temp.resolve("store"));
        FlowFixture parts = new FlowFixture(temp, server)) {
      parts.folders.add(parts.intake);
      parts.flow.ended(parts.inHand(parts.marked("a.mp4")), null);

      new StoreReturn(parts.store, TestStore.BUCKET, parts.outlook, parts.folders).look();

      assertThat(parts.nothingIsDue()).isTrue();
    }
  }
}
