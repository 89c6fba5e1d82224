package org.reelway.camel;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.reelway.callback.Payload;
import org.reelway.failure.InputFailure;
import org.reelway.state.WorkflowNoticeRow;
import org.reelway.stream.workflow.SessionNotice;

/** What routes are handed of the live workflow's streams, and what backends are told of them. */
public final class WorkflowSteps {
  private static final String NOTICE = "ReelwayWorkflowNotice";

  private final RouteSource<WorkflowNoticeRow> events = new RouteSource<>("workflow-events", WorkflowSteps::fill);

  WorkflowSteps() {}

  /** Comes again until this returns. */
  void tell(WorkflowNoticeRow notice) {
    events.give(notice);
  }

  private static void fill(WorkflowNoticeRow notice, Exchange exchange) {
    Map<String, Object> data = SessionNotice.data(notice);
    exchange.setProperty(NOTICE, notice);
    Message message = exchange.getMessage();
    message.setBody(data);
    message.setHeader("WorkflowEvent", notice.kind());
    message.setHeader("StreamId", notice.streamId());
    message.setHeader("StreamName", data.get("name"));
    message.setHeader("SessionId", data.get("session_id"));
    message.setHeader("ArchiveRoot", data.get("archive"));
  }

  /** What backends are told: {@code {"type", "timestamp", "data"}}. @param type as the outbox has it */
  public Map<String, Object> payload(String type, Exchange exchange) {
    if (!(exchange.getProperty(NOTICE) instanceof WorkflowNoticeRow notice)) {
      throw new InputFailure(
          "a message that is no event of a stream: use it in a route that starts with kamelet:workflow-events");
    }
    Map<String, Object> data = SessionNotice.data(notice);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", type);
    body.put("timestamp", notice.at().toString());
    body.put("data", data);
    return CallbackSteps.named(
        new Payload(notice.id(), "workflow " + notice.streamId(), String.valueOf(data.get("name")), body), exchange);
  }

  Endpoint events(String uri, Component component) {
    return new SourceEndpoint<>(uri, component, events);
  }
}
