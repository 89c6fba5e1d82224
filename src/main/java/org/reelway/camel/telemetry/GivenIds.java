package org.reelway.camel.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.function.Supplier;

/** Ids of spans: random, but for the one that is begun by {@link #begin}. */
final class GivenIds implements IdGenerator {
  private static final IdGenerator RANDOM = IdGenerator.random();

  private final ThreadLocal<Ids> given = new ThreadLocal<>();

  private record Ids(String trace, String span) {}

  Span begin(String trace, String span, Supplier<Span> begin) {
    given.set(new Ids(trace, span));
    try {
      return begin.get();
    } finally {
      given.remove();
    }
  }

  @Override
  public String generateSpanId() {
    return given.get() == null ? RANDOM.generateSpanId() : given.get().span();
  }

  @Override
  public String generateTraceId() {
    return given.get() == null ? RANDOM.generateTraceId() : given.get().trace();
  }
}
