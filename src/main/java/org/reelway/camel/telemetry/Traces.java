package org.reelway.camel.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.reelway.failure.InputFailure;
import org.reelway.settings.Settings;
import org.reelway.settings.TelemetrySettings;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.TransferObserver;

/** Traces of recordings and routes, on their way to a collector. */
public interface Traces extends AutoCloseable {
  /** Routes, and what they send, become spans. Before Camel's routes are made. */
  void configure(CamelContext camel);

  /** Its tries and parts become spans. */
  TransferObserver transfers();

  /** What is left is sent, for a few seconds at most. */
  @Override
  void close();

  /**
   * @param instance of this sidecar
   * @return empty where no endpoint is set
   * @throws InputFailure the libraries are not there
   */
  static Optional<Traces> of(Settings settings, RecordingHistory history, MeterRegistry metrics, String instance) {
    if (!settings.isSet(TelemetrySettings.ENDPOINT)) {
      return Optional.empty();
    }
    try {
      return Optional.of(OtlpTraces.of(settings, history, metrics, instance));
    } catch (NoClassDefFoundError missing) {
      throw new InputFailure(words(missing), missing);
    }
  }

  /** Why no traces could be made; empty where its libraries are there. */
  static Optional<String> missing() {
    try {
      OtlpTraces.requireLibraries();
      return Optional.empty();
    } catch (NoClassDefFoundError missing) {
      return Optional.of(words(missing));
    }
  }

  private static String words(NoClassDefFoundError missing) {
    return "reelway.telemetry.endpoint is set, but OpenTelemetry's libraries are not on the class path (" + missing.getMessage()
        + "): start Reelway by its launcher ./reelway, which adds the folder telemetry-lib beside the jar where one"
        + " plain line sets it, or add that folder's jars (docs/operate.md, Traces)";
  }
}
