package org.reelway.camel.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.reelway.settings.Settings;
import org.reelway.settings.TelemetrySettings;
import org.reelway.state.RecordingHistory;
import org.reelway.transfer.TransferObserver;

/** By OpenTelemetry's SDK: in memory until a few are sent at once; those that find no room are dropped, for work never waits. */
final class OtlpTraces implements Traces {
  private static final String PATH = "/v1/traces";
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);
  private static final long LAST_WORD_SECONDS = 3;
  private static final int MOST_WAITING = 4096;
  private static final int MOST_EVENTS = 512;
  private static final int LONGEST_VALUE = 1024;

  /** Ticks, requests of the API, and the frame that a kamelet is around its one step, tell nothing of a recording. */
  private static final String EXCLUDED = "quartz:*,timer:*,scheduler:*,platform-http:*,rest:*,rest-api:*,bean:*,kamelet:*";

  /** What it says itself is not of the log's form; failures are told by {@link ToldExporter}. Kept, or its level is lost. */
  private static final Logger OWN_WORDS = Logger.getLogger("io.opentelemetry");

  private final SdkTracerProvider provider;
  private final Tracer tracer;
  private final RecordingSpans recordings;

  private OtlpTraces(SdkTracerProvider provider, GivenIds ids, RecordingHistory history) {
    this.provider = provider;
    this.tracer = provider.get("org.reelway");
    this.recordings = new RecordingSpans(tracer, ids, history);
  }

  static OtlpTraces of(Settings settings, RecordingHistory history, MeterRegistry metrics, String instance) {
    OWN_WORDS.setLevel(Level.OFF);
    URI endpoint = address(settings.require(TelemetrySettings.ENDPOINT));
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(endpoint.toString()).setTimeout(LONGEST_REQUEST).setCompression("gzip");
    Optional.ofNullable(settings.get(TelemetrySettings.HEADERS)).ifPresent(headers -> headers.forEach(exporter::addHeader));
    GivenIds ids = new GivenIds();
    SdkTracerProvider provider = SdkTracerProvider.builder()
        .setIdGenerator(ids)
        .setResource(Resource.create(Attributes.of(
            AttributeKey.stringKey("service.name"), "reelway",
            AttributeKey.stringKey("service.version"),
            Optional.ofNullable(OtlpTraces.class.getPackage().getImplementationVersion()).orElse("0"),
            AttributeKey.stringKey("service.instance.id"), instance)))
        .setSpanLimits(SpanLimits.builder().setMaxNumberOfEvents(MOST_EVENTS).setMaxAttributeValueLength(LONGEST_VALUE).build())
        .addSpanProcessor(new WaitingSpans(new ToldExporter(exporter.build(), endpoint, metrics), MOST_WAITING, metrics))
        .build();
    return new OtlpTraces(provider, ids, history);
  }

  /** @throws NoClassDefFoundError one is not there */
  static void requireLibraries() {
    new OpenTelemetryTracer();
    OtlpHttpSpanExporter.builder();
  }

  private static URI address(URI given) {
    return given.getPath() == null || given.getPath().matches("/?") ? given.resolve(PATH) : given;
  }

  @Override
  public void configure(CamelContext camel) {
    camel.getRegistry().bind("reelwayTracer", Tracer.class, tracer);
    camel.getRegistry().bind(
        "reelwayTracePropagators", ContextPropagators.class, ContextPropagators.create(W3CTraceContextPropagator.getInstance()));
    OpenTelemetryTracer routes = new OpenTelemetryTracer();
    routes.setExcludePatterns(EXCLUDED);
    routes.setCamelContext(camel);
    routes.init(camel);
  }

  @Override
  public TransferObserver transfers() {
    return recordings;
  }

  @Override
  public void close() {
    recordings.close();
    provider.shutdown().join(LAST_WORD_SECONDS, TimeUnit.SECONDS);
  }
}
