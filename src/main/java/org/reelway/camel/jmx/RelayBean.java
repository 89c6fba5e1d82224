package org.reelway.camel.jmx;

import java.util.function.Function;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;

/** The MBean {@code org.reelway:type=Relay,name=<id>}. */
@ManagedResource(description = "A relay of a stream to a destination")
public final class RelayBean {
  private final Supervisor relays;
  private final String id;

  public RelayBean(Supervisor relays, String id) {
    this.relays = relays;
    this.id = id;
  }

  private <T> T now(Function<TaskStatus, T> what, T gone) {
    return relays.status(id).map(what).orElse(gone);
  }

  @ManagedAttribute(description = "The stream's name")
  public String getStream() {
    return now(TaskStatus::stream, "");
  }

  @ManagedAttribute(description = "Without secrets")
  public String getDestination() {
    return now(TaskStatus::target, "");
  }

  @ManagedAttribute(description = "ffmpeg, or the kind of media server that does it itself")
  public String getBy() {
    return now(TaskStatus::by, "");
  }

  @ManagedAttribute(description = "starting, running, incomplete, waiting, stopping or stopped")
  public String getState() {
    return now(TaskStatus::state, "stopped");
  }

  @ManagedAttribute(description = "ISO 8601")
  public String getSince() {
    return now(status -> status.since().toString(), "");
  }

  @ManagedAttribute(description = "How often it was begun")
  public int getRuns() {
    return now(TaskStatus::runs, 0);
  }

  @ManagedAttribute(description = "Frames that went out")
  public long getFrames() {
    return now(TaskStatus::frames, 0L);
  }

  @ManagedAttribute(description = "Bytes that went out")
  public long getBytes() {
    return now(TaskStatus::bytes, 0L);
  }

  @ManagedAttribute(description = "Why the last run ended; empty for no trouble")
  public String getTrouble() {
    return now(TaskStatus::trouble, "");
  }

  @ManagedOperation(description = "Ends it and begins anew")
  public void restart() {
    relays.restart(id);
  }
}
