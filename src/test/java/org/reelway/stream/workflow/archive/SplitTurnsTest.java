package org.reelway.stream.workflow.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reelway.failure.Busy;
import org.reelway.state.StoredSplits;
import org.reelway.transfer.Backoff;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Store;

/** Calls of the API are answered on few threads, which hooks need too. */
class SplitTurnsTest {
  private static final SplitRequest REQUEST =
      new SplitRequest(List.of(new SplitRequest.Stamps("0", "1")), "session", "m", null, null);
  private static final SplitSource SOURCE =
      new SplitSource("stream", "session", ArchiveRoot.of("s3://bkt/a/"), Duration.ofSeconds(2), false);

  private static <T> T stub(Class<T> type, Callable<?> answer) {
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answer.call()));
  }

  @Test
  void splitsOfAStoreThatHangsLeaveThreadsToOthers() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    Store hanging = stub(Store.class, () -> {
      released.await();
      throw new IllegalStateException("over");
    });
    SplitFiles files = stub(SplitFiles.class, () -> Path.of("nowhere"));
    ArchiveStore store = new ArchiveStore(hanging, null, key -> new ObjectAttributes("", Map.of()));
    Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1));
    ArchiveSplitter splitter = new ArchiveSplitter(store, new StoredSplits(null, null, "here"), files, 1, done -> {}, backoff, Clock.systemUTC());
    ExecutorService api = Executors.newFixedThreadPool(8);
    try {
      List<Future<SplitAnswer>> calls = Stream.generate(() -> api.submit(() -> splitter.split(SOURCE, REQUEST))).limit(8).toList();
      await().atMost(Duration.ofSeconds(5)).until(() -> calls.stream().filter(Future::isDone).count() == 3);
      for (Future<SplitAnswer> call : calls) {
        if (call.isDone()) {
          assertThatThrownBy(call::get).hasCauseInstanceOf(Busy.class).hasMessageContaining("other archives are being split");
        }
      }
      assertThat(calls).filteredOn(call -> !call.isDone()).hasSize(5);
    } finally {
      released.countDown();
      api.shutdown();
    }
    assertThat(api.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }
}
