package org.reelway.camel.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.reelway.failure.DaemonThreads;
import org.reelway.failure.FailureClass;
import org.reelway.state.RecordingHistory;
import org.reelway.state.RecordingState;
import org.reelway.state.RecordingStory;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.observe.RecordingTrace;

/**
 * A recording's life as one trace: the span {@code recording}, told when it has ended from its story, which has what was before a
 * restart too; below it one of each try of its transfer, and below those one of each part.
 */
final class RecordingSpans implements TransferObserver, AutoCloseable {
  private static final int MOST_WAITING = 1000;
  private static final long LAST_WORD_SECONDS = 2;
  private static final String ID = "reelway.recording.id";
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error");
  private static final AttributeKey<String> WHOSE = AttributeKey.stringKey("class");

  private final Tracer tracer;
  private final GivenIds ids;
  private final RecordingHistory history;
  private final Map<TransferProgress, Span> tries = new ConcurrentHashMap<>();
  /** Reading a story waits for the state's writer. One that finds no room is not told. */
  private final ThreadPoolExecutor told = new ThreadPoolExecutor(
      1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), DaemonThreads.named("traces"),
      new ThreadPoolExecutor.DiscardPolicy());

  RecordingSpans(Tracer tracer, GivenIds ids, RecordingHistory history) {
    this.tracer = tracer;
    this.ids = ids;
    this.history = history;
    history.whenEnded(id -> told.execute(() -> history.findWritten(id).ifPresent(this::tell)));
  }

  @Override
  public void started(TransferProgress transfer) {
    tries.put(
        transfer,
        tracer.spanBuilder("transfer").setParent(above(transfer.id())).setStartTimestamp(transfer.startedAt())
            .setAttribute(ID, transfer.id())
            .setAttribute("reelway.recording.file", transfer.recording().file().toString())
            .setAttribute("reelway.recording.bytes", transfer.size())
            .startSpan());
  }

  /** The step of the route that sends it, where that is known; else the recording. */
  private static Context above(String recording) {
    String trace = RecordingTrace.id(recording);
    if (Span.current().getSpanContext().getTraceId().equals(trace)) {
      return Context.current();
    }
    return Context.root().with(Span.wrap(SpanContext.createFromRemoteParent(
        trace, RecordingTrace.rootSpan(recording), TraceFlags.getSampled(), TraceState.getDefault())));
  }

  private Span of(TransferProgress transfer) {
    return tries.getOrDefault(transfer, Span.getInvalid());
  }

  @Override
  public void noted(TransferProgress transfer, String what) {
    of(transfer).addEvent(what);
  }

  @Override
  public void partStored(TransferProgress transfer, Part part) {
    tracer.spanBuilder("part").setParent(Context.root().with(of(transfer))).setStartTimestamp(part.begun())
        .setAttribute("reelway.part.number", part.number()).setAttribute("reelway.part.bytes", part.bytes())
        .startSpan().end();
  }

  @Override
  public void retried(TransferProgress transfer, FailureClass failureClass, String error) {
    of(transfer).addEvent("request repeated", Attributes.of(WHOSE, failureClass.word(), ERROR, error));
  }

  @Override
  public void failed(TransferProgress transfer, FailureClass failureClass, String error) {
    of(transfer).setStatus(StatusCode.ERROR, error).setAttribute(WHOSE, failureClass.word());
  }

  @Override
  public void verified(TransferProgress transfer, VerifiedObject object) {
    of(transfer).addEvent("verified", Attributes.of(AttributeKey.stringKey("evidence"), object.evidence())).setStatus(StatusCode.OK);
  }

  @Override
  public void ended(TransferProgress transfer) {
    Span span = tries.remove(transfer);
    if (span != null) {
      span.setAttribute("reelway.object.bucket", transfer.bucket()).setAttribute("reelway.object.key", transfer.key())
          .setAttribute("reelway.parts", transfer.partsTotal()).setAttribute("reelway.parts.resumed", transfer.partsResumed())
          .setAttribute("reelway.bytes.sent", transfer.bytesSent()).setAttribute("reelway.retries", transfer.retries())
          .end();
    }
  }

  private void tell(RecordingStory story) {
    Instant ended = story.tidiedAt() != null && !story.tidiedAt().isBefore(story.updatedAt()) ? story.tidiedAt() : story.updatedAt();
    Span span = ids.begin(
        RecordingTrace.id(story.id()), RecordingTrace.rootSpan(story.id()),
        () -> tracer.spanBuilder("recording").setNoParent().setStartTimestamp(story.foundAt())
            .setAllAttributes(attributes(story)).startSpan());
    story.events().forEach(event -> span.addEvent(event.what(), event.at()));
    if (story.state().equals(RecordingState.SET_ASIDE.word())) {
      span.setStatus(StatusCode.ERROR, String.valueOf(story.lastError()));
    }
    span.end(ended);
  }

  private static Attributes attributes(RecordingStory story) {
    AttributesBuilder all = Attributes.builder().put(ID, story.id()).put("reelway.recording.file", story.file())
        .put("reelway.recording.bytes", story.size()).put("reelway.recording.state", story.state())
        .put("reelway.tries", story.tries()).put("reelway.retries", story.retries());
    put(all, "reelway.stream", story.stream());
    put(all, "reelway.object.bucket", story.bucket());
    put(all, "reelway.object.key", story.key());
    return all.build();
  }

  private static void put(AttributesBuilder all, String name, String value) {
    if (value != null) {
      all.put(name, value);
    }
  }

  /** Those that have ended are told, for a moment. */
  @Override
  public void close() {
    told.shutdown();
    try {
      told.awaitTermination(LAST_WORD_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
