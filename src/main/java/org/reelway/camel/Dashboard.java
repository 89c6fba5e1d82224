package org.reelway.camel;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.Header;
import org.reelway.failure.InputFailure;

/** {@code GET /dashboard/now}, {@code /dashboard/samples} and {@code /dashboard/flows}: what the page at {@code /} shows. */
public final class Dashboard {
  private final Map<String, Supplier<?>> parts;
  private final DashboardSamples samples;
  private final RouteFlows flows;

  /** @param parts by the names of the answer's members */
  Dashboard(Map<String, Supplier<?>> parts, DashboardSamples samples, RouteFlows flows) {
    this.parts = parts;
    this.samples = samples;
    this.flows = flows;
  }

  /** A part that cannot be told. */
  public record Untold(String error) {}

  public record FlowList(List<RouteFlows.Flow> flows) {}

  /** Whatever one part meets, the others are told. */
  public Map<String, Object> now() {
    Map<String, Object> all = new LinkedHashMap<>();
    parts.forEach((name, part) -> {
      try {
        all.put(name, part.get());
      } catch (RuntimeException e) {
        all.put(name, new Untold(e.getMessage() == null ? e.toString() : e.getMessage()));
      }
    });
    return all;
  }

  /** @param after seconds since 1970: only what is newer */
  public DashboardSamples.Columns samples(@Header("after") String after) {
    if (after != null && !after.matches("\\d{1,12}")) {
      throw new InputFailure("after is \"" + after + "\"; it is a number of seconds since 1970");
    }
    return samples.after(after == null ? Instant.EPOCH : Instant.ofEpochSecond(Long.parseLong(after)));
  }

  public FlowList flows() {
    return new FlowList(flows.all());
  }
}
