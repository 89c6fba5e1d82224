package org.reelway.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.junit.jupiter.api.Test;
import org.reelway.testkit.LogLines;

/** Every check of Reelway's is one; ArchitectureTest holds that. */
class GuardedHealthTest {
  private static final class Asking extends GuardedHealth {
    private volatile Runnable question;

    Asking(Runnable question) {
      super("asking", Scope.READY);
      this.question = question;
    }

    @Override
    long patienceSeconds() {
      return 1;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
      question.run();
      builder.up();
    }
  }

  private static String answer(HealthCheck check) {
    HealthCheck.Result result = check.call(Map.of());
    return result.getState() + " " + result.getMessage().orElse("");
  }

  @Test
  void aCheckWhoseQuestionFailsIsDownAndSaysSoOnce() {
    RuntimeException fault = new IllegalStateException("no", new java.io.IOException("[SQLITE_FULL]\nthe disk is full"));
    Asking check = new Asking(() -> { throw fault; });
    try (LogLines log = new LogLines("org.reelway.camel")) {
      for (int time = 0; time < 3; time++) {
        assertThat(answer(check)).startsWith("DOWN ").contains("asking", "[SQLITE_FULL]");
      }
      assertThat(log.all()).singleElement().asString()
          .startsWith("ERROR health: what asking asks fails").contains("the disk is full").doesNotContain("\n");

      check.question = () -> {};
      assertThat(answer(check)).startsWith("UP");
      assertThat(answer(check)).startsWith("UP");
      assertThat(log.of("INFO")).containsExactly("INFO the health check asking is answered again");
    }
  }

  @Test
  void anErrorIsAnsweredToo() {
    assertThat(answer(new Asking(() -> { throw new NoClassDefFoundError("org/sqlite/Gone"); }))).startsWith("DOWN ");
  }

  @Test
  void aCheckThatHangsIsWaitedForOnceAndAskedNoSecondTimeUntilItComesBack() throws Exception {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(2);
    Asking check = new Asking(() -> {
      asked.countDown();
      try {
        locked.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    try (LogLines log = new LogLines("org.reelway.camel")) {
      for (int time = 0; time < 3; time++) {
        assertThat(answer(check)).startsWith("DOWN ").contains("no answer within 1 s");
      }
      assertThat(asked.getCount()).as("one thread, not three").isEqualTo(1);
      assertThat(log.of("ERROR")).hasSize(1);
    }

    locked.countDown();

    org.awaitility.Awaitility.await().until(() -> answer(check).startsWith("UP"));
  }
}
