package org.reelway.camel;

import java.util.Locale;
import org.reelway.failure.InputFailure;
import org.reelway.settings.WorkflowSettings;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.stream.workflow.archive.SplitDone;
import org.reelway.stream.workflow.archive.Splitter;

/** Makes what carries streams of the live workflow, and what splits their archives, from the settings. */
final class WorkflowDrivers {
  private final StateFeature state;
  private final StoreFeature store;
  private final LocalDrivers local;

  WorkflowDrivers(StateFeature state, StoreFeature store, LocalDrivers local) {
    this.state = state;
    this.store = store;
    this.local = local;
  }

  /** Called once there is a stream: nothing is to be made, begun or asked before. */
  StreamDriver driver() {
    WorkflowSettings.Driver wanted = state.settings.get(WorkflowSettings.DRIVER);
    return switch (wanted) {
      case LOCAL -> local.make();
      case AWS -> throw notYet(wanted);
    };
  }

  private static InputFailure notYet(WorkflowSettings.Driver driver) {
    return new InputFailure("reelway.workflow.driver=" + driver.name().toLowerCase(Locale.ROOT) + " is not there yet");
  }

  /** Made at the start, and begun once all routes run. */
  Splitter splitter(SplitDone.Listener done) {
    return (source, request) -> {
      throw new InputFailure("archives cannot be split yet");
    };
  }
}
