package org.reelway.camel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.failure.InputFailure;
import org.reelway.settings.RecordingSettings.Tidy;
import org.reelway.transfer.TransferTarget;
import org.reelway.transfer.VerifiedObject;
import org.reelway.transfer.flow.RecordingFlow;
import org.reelway.transfer.flow.RecordingWork;
import org.reelway.transfer.flow.WatchedFolders;

/** The blocks that do something with the recording of the message. */
final class RecordingSteps {
  /** Exchange property that carries the recording through a route; no header or body can stand in for it. */
  static final String WORK = "ReelwayWork";

  private final RecordingFlow flow;
  private final WatchedFolders folders;
  private final OperatorPrograms programs;
  private final StoreFeature stores;

  RecordingSteps(RecordingFlow flow, WatchedFolders folders, OperatorPrograms programs, StoreFeature stores) {
    this.stores = stores;
    this.flow = flow;
    this.folders = folders;
    this.programs = programs;
  }

  private interface Act {
    void on(RecordingWork work, Exchange exchange) throws Exception;
  }

  static RecordingWork work(Exchange exchange, String endpoint) {
    if (exchange.getProperty(WORK) instanceof RecordingWork work) {
      return work;
    }
    throw new InputFailure(
        endpoint + " was reached by a message that is no recording: use it in a route that starts with"
            + " kamelet:recording-markers");
  }

  private static StepEndpoint.Step step(String name, Act act) {
    return exchange -> act.on(work(exchange, "reelway:" + name), exchange);
  }

  /** The file gets its marker; one that is gone was sent before a crash. */
  StepEndpoint.Step mark(EndpointParameters given) {
    String foundBy = given.take("foundBy", "route");
    return exchange -> {
      Path file = ConferenceSteps.file(exchange, "mark");
      if (Files.exists(file)) {
        folders.markUnlessSent(file, ConferenceSteps.recorderUri(exchange), foundBy);
      }
    };
  }

  /** The recording goes into a bucket and is verified. */
  StepEndpoint.Step transfer(EndpointParameters given) {
    TransferTarget target = TransferParameters.target(
        given, name -> stores == null ? Optional.empty() : stores.find(name).map(store -> store.configured));
    if (flow != null) {
      flow.requireWay(target.store());
    }
    return step("transfer", (work, exchange) -> {
      VerifiedObject object = flow.transfer(work, target);
      Message message = exchange.getMessage();
      message.setHeader("ObjectStore", object.store());
      message.setHeader("ObjectBucket", object.bucket());
      message.setHeader("ObjectKey", object.key());
      message.setHeader("ObjectAddress", object.address());
      message.setHeader("ObjectEtag", object.etag());
      message.setHeader("ObjectEvidence", object.evidence());
      message.setHeader("ObjectInBackup", work.isInBackup());
    });
  }

  /** What happens to the file after its verification; the end of a recording's way. */
  StepEndpoint.Step tidy(EndpointParameters given) {
    Tidy action = given.choice("action", Tidy.KEEP);
    String folder = given.take("moveTo", "");
    if (action == Tidy.MOVE && folder.isBlank()) {
      throw new InputFailure("action is \"move\" and moveTo is not set; name the folder that recordings move to");
    }
    Path moveTo = folder.isBlank() ? null : Path.of(folder);
    return step("tidy", (work, exchange) -> flow.tidy(work, action, moveTo));
  }

  /** The route decides that the recording is not sent. */
  StepEndpoint.Step skip(EndpointParameters given) {
    String reason = given.take("reason", "a route skipped it");
    return step("skip", (work, exchange) -> flow.skip(work, reason));
  }

  /** The operator's program is run; the route ends here for as long as that takes, and begins anew. */
  StepEndpoint.Step program() {
    return step("program", (work, exchange) -> {
      if (!programs.isOver(work)) {
        exchange.setRouteStop(true);
      }
    });
  }

  /** What the error policy does with a recording that failed. */
  StepEndpoint.Step retryLater() {
    return failed("retry-later", (work, failure) -> flow.retryLater(work, failure));
  }

  StepEndpoint.Step setAside() {
    return failed("set-aside", (work, failure) -> flow.setAside(work, failure));
  }

  private static StepEndpoint.Step failed(String name, BiConsumer<RecordingWork, Throwable> conclusion) {
    return step(name, (work, exchange) -> {
      Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
      conclusion.accept(work, failure != null ? failure : new IllegalStateException("a route gave no reason"));
    });
  }
}
