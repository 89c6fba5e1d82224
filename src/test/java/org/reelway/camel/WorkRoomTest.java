package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reelway.recording.MarkedRecording;
import org.reelway.recording.RecordingFolder;

/** How many recordings are in hand at once, by their size. */
@Timeout(30)
class WorkRoomTest {
  private static final int MIB = 1 << 20;

  @TempDir Path temp;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private final Queue<MarkedRecording> queue = new ArrayDeque<>();
  private final List<String> handled = new ArrayList<>();
  private final AtomicInteger inHand = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private final AtomicBoolean open = new AtomicBoolean(true);

  @AfterEach
  void end() {
    workers.shutdownNow();
  }

  private void add(String name, long size) throws Exception {
    Path file = temp.resolve(name);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(size);
    }
    RecordingFolder folder = RecordingFolder.of(temp, temp.resolve("markers"));
    queue.add(new MarkedRecording(folder, file, temp.resolve(name + ".upload"), Instant.EPOCH));
  }

  private void work(WorkRoom room) {
    for (int i = 0; i < room.most(); i++) {
      workers.execute(
          () -> {
            try {
              while (true) {
                room.next(this::take, this::handle);
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
  }

  private Optional<MarkedRecording> take() throws InterruptedException {
    Thread.sleep(1);
    return Optional.ofNullable(queue.poll());
  }

  private void handle(MarkedRecording recording) {
    synchronized (handled) {
      handled.add(recording.file().getFileName().toString());
    }
    inHand.incrementAndGet();
    mayEnd.acquireUninterruptibly();
    inHand.decrementAndGet();
  }

  @ParameterizedTest(name = "{0} files at once: {1} small ones")
  @CsvSource({"1,1", "2,8", "4,16", "16,32", "100,100"})
  void ofSmallRecordingsThereAreMoreWithinABound(int filesAtOnce, int small) throws Exception {
    WorkRoom room = new WorkRoom(filesAtOnce, open::get);
    for (int i = 0; i < small + 5; i++) {
      add("small" + i, MIB);
    }
    work(room);
    await().until(() -> inHand.get() == small);
    mayEnd.release(small + 5);
    await().until(() -> handled.size() == small + 5 && inHand.get() == 0);
  }

  @Test
  void largeOnesAreAsManyAsWishedAndNoneIsOvertaken() throws Exception {
    WorkRoom room = new WorkRoom(2, open::get);
    for (int i = 0; i < 3; i++) {
      add("large" + i, MIB + 1);
    }
    add("small", 1);
    work(room);
    await().until(() -> queue.size() == 1 && inHand.get() == 2);
    assertThat(handled).containsExactlyInAnyOrder("large0", "large1");
    mayEnd.release();
    await().until(() -> handled.size() == 4);
    assertThat(handled.get(2)).isEqualTo("large2");
    mayEnd.release(3);
    await().until(() -> inHand.get() == 0);
  }

  @Test
  void thoseWhoWaitForTheirTurnTakeNothingAnyMoreOnceAStopHasBegun() throws Exception {
    WorkRoom room = new WorkRoom(1, open::get);
    for (int i = 0; i < 3; i++) {
      add("recording" + i, 1);
    }
    Semaphore turn = new Semaphore(0);
    for (int i = 0; i < 3; i++) {
      workers.submit(
          () -> {
            room.next(
                () -> {
                  turn.acquire();
                  return take();
                }, this::handle);
            inHand.addAndGet(10);
            return null;
          });
    }
    await().until(turn::hasQueuedThreads);
    open.set(false);
    turn.release(3);
    mayEnd.release(3);
    await().until(() -> inHand.get() == 30);
    assertThat(handled).hasSize(1);
    assertThat(queue).hasSize(2);
  }
}
