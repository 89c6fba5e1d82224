package org.reelway.camel;

import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.reelway.camel.telemetry.Traces;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.observe.RecordingTrace;

/** Traces for a collector, where {@code reelway.telemetry.endpoint} is set. */
final class TelemetryFeature extends Feature {
  private final Optional<Traces> traces;

  TelemetryFeature(StateFeature state) {
    traces = Traces.of(state.settings, state.history, state.metrics, state.instance());
  }

  List<TransferObserver> observers() {
    return traces.map(Traces::transfers).stream().toList();
  }

  /** The trace's id; empty where no traces are made. */
  Optional<String> trace(String recording) {
    return traces.map(any -> RecordingTrace.id(recording));
  }

  /** The header by which what has to do with the recording is part of its trace; empty where no traces are made. */
  Optional<String> parent(String recording) {
    return traces.map(any -> RecordingTrace.parent(recording));
  }

  @Override
  void configure(CamelContext camel) {
    traces.ifPresent(each -> each.configure(camel));
  }

  /** All that has spans has ended. */
  @Override
  void close() {
    traces.ifPresent(Traces::close);
  }
}
