package org.reelway.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many removals in one folder share its syncs, and none of them returns before a sync that began after it. */
@Timeout(30)
class SharedSyncsTest {
  private static final Path FOLDER = Path.of("/recordings");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger begun = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private volatile IOException failure;
  private final SharedSyncs syncs =
      new SharedSyncs(
          folder -> {
            IOException fails = failure;
            begun.incrementAndGet();
            mayEnd.acquireUninterruptibly();
            if (fails != null) {
              throw fails;
            }
          });

  @AfterEach
  void end() {
    mayEnd.release(1000);
    threads.shutdownNow();
  }

  private Future<?> ask(Path folder) throws Exception {
    CompletableFuture<Thread> asking = new CompletableFuture<>();
    Future<?> asked =
        threads.submit(
            () -> {
              asking.complete(Thread.currentThread());
              syncs.sync(folder);
              return null;
            });
    Thread thread = asking.get();
    await().until(() -> asked.isDone() || thread.getState() == Thread.State.WAITING);
    return asked;
  }

  private List<Future<?>> ask(int count) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(ask(FOLDER));
    }
    return all;
  }

  @Test
  void theSyncThatRunsIsTooEarlyForThoseWhoAskMeanwhileAndTheNextOneServesThemAll() throws Exception {
    Future<?> first = ask(FOLDER);
    List<Future<?>> meanwhile = ask(20);
    assertThat(begun).hasValue(1);

    mayEnd.release();
    first.get();
    await().until(() -> begun.get() == 2);
    assertThat(meanwhile).noneMatch(Future::isDone);

    mayEnd.release();
    for (Future<?> each : meanwhile) {
      each.get();
    }
    assertThat(begun).hasValue(2);
  }

  @Test
  void foldersDoNotWaitForEachOther() throws Exception {
    ask(FOLDER);
    ask(FOLDER.resolve("sub"));
    assertThat(begun).hasValue(2);
  }

  @Test
  void anothersFailureIsNobodysSync() throws Exception {
    failure = new IOException("full");
    Future<?> first = ask(FOLDER);
    failure = null;
    List<Future<?>> meanwhile = ask(3);
    mayEnd.release();
    assertThatThrownBy(first::get).hasRootCauseMessage("full");

    mayEnd.release();
    for (Future<?> each : meanwhile) {
      each.get();
    }
    assertThat(begun).hasValue(2);
  }

  @Test
  void anInterruptDoesNotEndTheWait() throws Exception {
    ask(FOLDER);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                syncs.sync(FOLDER);
                interrupted.complete(Thread.currentThread().isInterrupted());
              } catch (IOException e) {
                interrupted.completeExceptionally(e);
              }
            });
    waiting.start();
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    waiting.interrupt();
    mayEnd.release();
    await().until(() -> begun.get() == 2);
    assertThat(interrupted).isNotDone();
    mayEnd.release();
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void anInterruptAtTheMomentThatTheSyncEndsHangsNobody() throws Exception {
    Callable<Void> sync =
        () -> {
          syncs.sync(FOLDER);
          return null;
        };
    FutureTask<Void> running = new FutureTask<>(sync);
    FutureTask<Void> waiting = new FutureTask<>(sync);
    Thread runner = new Thread(running);
    Thread waiter = new Thread(waiting);
    waiter.setDaemon(true);
    runner.start();
    await().until(() -> begun.get() == 1);
    waiter.start();
    await().until(() -> waiter.getState() == Thread.State.WAITING);

    Field folders = SharedSyncs.class.getDeclaredField("folders");
    folders.setAccessible(true);
    synchronized (((Map<?, ?>) folders.get(syncs)).get(FOLDER)) {
      // It wakes up, and is told of nothing any more before it has the lock.
      waiter.interrupt();
      await().until(() -> waiter.getState() == Thread.State.BLOCKED);
      mayEnd.release(2);
      await().until(() -> runner.getState() == Thread.State.BLOCKED);
    }

    running.get();
    waiting.get(10, TimeUnit.SECONDS);
    assertThat(begun).hasValue(2);
  }
}
