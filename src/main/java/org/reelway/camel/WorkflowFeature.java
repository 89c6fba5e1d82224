package org.reelway.camel;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import org.apache.camel.BindToRegistry;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.reelway.camel.GuardedHealth.Scope;
import org.reelway.camel.api.WorkflowApi;
import org.reelway.camel.jmx.MBeans;
import org.reelway.camel.jmx.WorkflowBean;
import org.reelway.failure.FailureClass;
import org.reelway.failure.ListBound;
import org.reelway.settings.NodeSettings;
import org.reelway.settings.WorkflowSettings;
import org.reelway.state.StoredWorkflow;
import org.reelway.stream.workflow.ArchiveRoots;
import org.reelway.stream.workflow.LiveWorkflow;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.stream.workflow.StreamState;

/** The live workflow: streams of the API {@code /streams}. */
final class WorkflowFeature extends Feature {
  private static final int MOST_SAID = 3;

  @BindToRegistry("workflowSteps")
  final WorkflowSteps steps = new WorkflowSteps();

  @BindToRegistry("workflow")
  final WorkflowApi api;

  @BindToRegistry("workflowKeys")
  final WorkflowKeys keys;

  @BindToRegistry("reelwayWorkflowHealth")
  final GuardedHealth health = new GuardedHealth("workflow", Scope.TOLD, this::tell);

  private final LiveWorkflow workflow;
  private final boolean costsMoney;
  private final MBeans beans;

  /** @param driver in place of that of the settings */
  WorkflowFeature(StateFeature state, StoreFeature store, WorkflowDrivers drivers, FleetFeature fleet, Optional<StreamDriver> driver) {
    this.workflow = new LiveWorkflow(
        new StoredWorkflow(state.jdbi, state.writer, state.node), () -> driver.orElseGet(drivers::driver), drivers::splitter,
        new ArchiveRoots(
            store.primary.bucket, store.primary.configured.keyPrefix(),
            store.primary.configured.keyPrefix() + state.settings.get(WorkflowSettings.VIEWER_PREFIX) + "/"),
        steps::tell, state.settings.get(WorkflowSettings.MOST),
        state.clock);
    this.api = new WorkflowApi(workflow, id -> fleet.others.requireHere(fleet.fleet.nextTo(id), "the stream " + id));
    this.keys = drivers.keys();
    this.costsMoney = state.settings.get(WorkflowSettings.DRIVER) == WorkflowSettings.Driver.AWS;
    this.beans = state.beans;
    measure(workflow, state.metrics);
  }

  private static void measure(LiveWorkflow workflow, MeterRegistry metrics) {
    for (StreamState each : StreamState.values()) {
      Gauge.builder("reelway.workflow.streams", workflow, all -> all.count(each))
          .tag("state", each.word())
          .description("Streams of the live workflow, by state")
          .register(metrics);
    }
    for (FailureClass each : FailureClass.values()) {
      FunctionCounter.builder("reelway.workflow.failures", workflow, all -> all.failures(each))
          .tag("class", each.word())
          .description("Times that a stream could not be brought nearer to what is wanted of it, by whose fault it was")
          .register(metrics);
    }
    Gauge.builder("reelway.workflow.events.waiting", workflow, GuardedHealth.orNone(LiveWorkflow::noticesWaiting))
        .description("Events of streams that no route has taken yet")
        .register(metrics);
    Gauge.builder("reelway.workflow.splits.waiting", workflow, GuardedHealth.orNone(all -> all.splits().waiting()))
        .description("Files of sections of archives that are not made yet")
        .register(metrics);
    Gauge.builder("reelway.workflow.splits.failed", workflow, GuardedHealth.orNone(all -> all.splits().failed()))
        .description("Files of sections that cannot be made of what is in the archive")
        .register(metrics);
  }

  /** Down while a stream is not what is wanted of it and that is no matter of moments, or something runs that nobody wants. */
  private void tell(HealthCheckResultBuilder builder) {
    List<String> troubles = workflow.troubles();
    if (troubles.isEmpty()) {
      builder.up();
    } else {
      builder.detail("workflow.bad", troubles.size());
      builder.message(String.join("; ", troubles.subList(0, Math.min(MOST_SAID, troubles.size())))).down();
    }
  }

  @Override
  Optional<NodeSettings.Role> role() {
    return Optional.of(NodeSettings.Role.INGEST);
  }

  @Override
  List<ListBound> bounds() {
    return workflow.bounds();
  }

  @Override
  void begin() {
    beans.show("type=Workflow", new WorkflowBean(workflow));
    workflow.begin(costsMoney);
  }

  @Override
  void endStreams() {
    workflow.close();
  }
}
