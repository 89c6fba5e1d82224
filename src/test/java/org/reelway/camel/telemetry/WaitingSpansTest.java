package org.reelway.camel.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.reelway.testkit.LogLines;

/** With the SDK, and a collector that takes spans when the test says so. */
class WaitingSpansTest {
  private static final int MOST = 20;

  private static final String FULL =
      "WARN spans of traces come quicker than the collector takes them: 20 wait, and those that follow are dropped";
  private static final String ROOM = "INFO there is room for spans of traces again";

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<CompletableResultCode> unanswered = new CopyOnWriteArrayList<>();
  private volatile boolean isSlow = true;

  private final SpanExporter collector = new SpanExporter() {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      CompletableResultCode answer = new CompletableResultCode();
      unanswered.add(answer);
      return isSlow ? answer : answer.succeed();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  };

  private double dropped() {
    return metrics.get("reelway.telemetry.spans").tag("result", "dropped").counter().count();
  }

  private static void end(Tracer tracer, int spans) {
    for (int i = 0; i < spans; i++) {
      tracer.spanBuilder("part").startSpan().end();
    }
  }

  @Test
  void spansThatFindNoRoomAreCountedAndToldOnceUntilThereIsRoomAgain() {
    try (LogLines log = new LogLines(WaitingSpans.class.getName());
        SdkTracerProvider provider =
            SdkTracerProvider.builder().addSpanProcessor(new WaitingSpans(collector, MOST, metrics)).build()) {
      Tracer tracer = provider.get("test");
      end(tracer, MOST);
      assertThat(dropped()).isZero();
      end(tracer, 7);
      assertThat(dropped()).isEqualTo(7);
      await().until(() -> !unanswered.isEmpty());
      end(tracer, 1);
      assertThat(dropped()).as("what the collector has not answered is kept").isEqualTo(8);
      assertThat(log.all()).containsExactly(FULL);

      isSlow = false;
      unanswered.forEach(CompletableResultCode::succeed);
      await().until(() -> log.all().contains(ROOM));
      end(tracer, MOST / 2);
      assertThat(dropped()).isEqualTo(8);
      isSlow = true;
      end(tracer, 2 * MOST);
      assertThat(dropped()).isGreaterThan(8);
      assertThat(log.all()).startsWith(FULL, ROOM, FULL);
      isSlow = false;
      unanswered.forEach(CompletableResultCode::succeed);
    }
  }
}
