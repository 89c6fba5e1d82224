package org.reelway.camel;

import java.nio.file.Path;
import org.reelway.failure.InputFailure;
import org.reelway.settings.WorkflowSettings;
import org.reelway.stream.workflow.StreamDriver;
import org.reelway.stream.workflow.archive.SplitDone;
import org.reelway.stream.workflow.archive.Splitter;
import org.reelway.stream.workflow.aws.AwsLive;

/** Makes what carries streams of the live workflow, and what splits their archives, from the settings. */
final class WorkflowDrivers {
  private static final Path HOME = Path.of(System.getProperty("reelway.home", "."));

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
    return switch (state.settings.get(WorkflowSettings.DRIVER)) {
      case LOCAL -> local.make();
      case AWS -> AwsLive.driver(state.settings, store.s3.client().connection(), store.bucket, HOME);
    };
  }

  /** Made at the start, and begun once all routes run. */
  Splitter splitter(SplitDone.Listener done) {
    return (source, request) -> {
      throw new InputFailure("archives cannot be split yet");
    };
  }
}
