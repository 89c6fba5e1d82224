package org.reelway.camel.jmx;

import java.util.Map;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.failure.NotFound;
import org.reelway.stream.workflow.LiveWorkflow;
import org.reelway.stream.workflow.StreamState;

/** The MBean {@code org.reelway:type=Workflow}. */
@ManagedResource(description = "Streams of the live workflow")
public final class WorkflowBean {
  private final LiveWorkflow workflow;

  public WorkflowBean(LiveWorkflow workflow) {
    this.workflow = workflow;
  }

  @ManagedAttribute(description = "Streams whose sessions are open")
  public long getStarted() {
    return workflow.count(StreamState.STARTED);
  }

  @ManagedAttribute(description = "Streams that are made and stopped")
  public long getStopped() {
    return workflow.count(StreamState.STOPPED);
  }

  @ManagedAttribute(description = "Streams on their way: creating, starting, stopping or deleting")
  public long getUnderWay() {
    return workflow.count(StreamState.CREATING) + workflow.count(StreamState.STARTING) + workflow.count(StreamState.STOPPING)
        + workflow.count(StreamState.DELETING);
  }

  @ManagedAttribute(description = "Streams that cannot become what is wanted of them")
  public long getFailed() {
    return workflow.count(StreamState.FAILED);
  }

  @ManagedAttribute(description = "Events of streams that the route of kamelet:workflow-events has not taken yet")
  public long getEventsWaiting() {
    return workflow.noticesWaiting();
  }

  @ManagedAttribute(description = "By id: the name, the state, and what it waits for or fails with")
  public Map<String, String> getStreams() {
    return workflow.words();
  }

  @ManagedOperation(description = "Looks at one now, whose next look may be later; one that has failed too")
  public void lookAt(String id) {
    try {
      workflow.lookAt(id);
    } catch (NotFound e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
