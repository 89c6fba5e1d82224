package org.reelway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What lines of the log are about. */
class LogSubjectTest {
  @AfterEach
  void nothingIsLeft() {
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
  }

  @Test
  void holdsDuringTheWorkAndGivesBackWhatWasBefore() {
    List<Object> seen = new ArrayList<>();
    LogSubject.of("stream", "outer").during(() -> {
      LogSubject.of("stream", "inner").and("recording", "1").and("file", null).during(() -> seen.add(MDC.getCopyOfContextMap()));
      seen.add(MDC.getCopyOfContextMap());
    });
    assertThat(seen).containsExactly(Map.of("stream", "inner", "recording", "1"), Map.of("stream", "outer"));
  }

  @Test
  void goesWithWorkThatAnotherThreadDoesAndStaysThereNoLonger() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Callable<String> work = LogSubject.of("recording", "7").get(() -> LogSubject.carried(() -> MDC.get("recording")));
      assertThat(other.submit(work).get()).isEqualTo("7");
      assertThat(other.submit(() -> MDC.get("recording")).get()).isNull();
    } finally {
      other.shutdownNow();
    }
  }
}
