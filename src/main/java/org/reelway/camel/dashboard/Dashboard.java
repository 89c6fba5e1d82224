package org.reelway.camel.dashboard;

import java.time.Instant;
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

  /** @param parts by the names of the members of {@link Now} */
  public Dashboard(Map<String, Supplier<?>> parts, DashboardSamples samples, RouteFlows flows) {
    this.parts = parts;
    this.samples = samples;
    this.flows = flows;
  }

  /** A part that cannot be told. */
  public record Untold(String error) {}

  public record FlowList(List<RouteFlows.Flow> flows) {}

  /**
   * Each part as its own list of the API has it, or shorter ({@link DashboardParts}); {@link Untold} where it cannot be told.
   *
   * @param transferring as all lists a count, and the first ones
   */
  public record Now(
      Object version, Object health, Object counts, Object transferring, Object waiting, Object live, Object streams,
      Object relays, Object recorders, Object multirecorders, Object mixes, Object callbacks, Object backup, Object folders,
      Object disks, Object bandwidth, Object actions, Object routes, Object stores,
      Object nodes) {}

  public Now now() {
    return new Now(
        told("version"), told("health"), told("counts"), told("transferring"), told("waiting"), told("live"), told("streams"),
        told("relays"), told("recorders"), told("multirecorders"), told("mixes"), told("callbacks"), told("backup"),
        told("folders"), told("disks"), told("bandwidth"), told("actions"), told("routes"),
        told("stores"), told("nodes"));
  }

  /** Whatever one part meets, the others are told. */
  private Object told(String part) {
    try {
      return parts.get(part).get();
    } catch (RuntimeException e) {
      return new Untold(e.getMessage() == null ? e.toString() : e.getMessage());
    }
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
