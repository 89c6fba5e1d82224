package org.reelway.camel.jmx;

import java.time.Instant;
import java.util.function.Supplier;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.recording.FolderStatus;

/** The MBean {@code org.reelway:type=Folder,name="/path"}. */
@ManagedResource(description = "A watched folder")
public final class FolderBean {
  private final Supplier<FolderStatus> status;

  public FolderBean(Supplier<FolderStatus> status) {
    this.status = status;
  }

  @ManagedAttribute(description = "Its path")
  public String getFolder() {
    return status.get().folder().toString();
  }

  @ManagedAttribute(description = "events, polling or missing")
  public String getMode() {
    return status.get().mode().kind().word();
  }

  @ManagedAttribute(description = "Why; empty where there is nothing to say")
  public String getReason() {
    return status.get().mode().reason();
  }

  @ManagedAttribute(description = "ISO 8601")
  public String getModeSince() {
    return text(status.get().modeSince());
  }

  @ManagedAttribute(description = "Folders, the folder itself counted")
  public int getSubfolders() {
    return status.get().subfolders();
  }

  @ManagedAttribute(description = "Folders that the system tells of")
  public int getWatched() {
    return status.get().watched();
  }

  @ManagedAttribute(description = "Recordings with a marker at the last look")
  public int getMarked() {
    return status.get().marked();
  }

  @ManagedAttribute(description = "Media files that are neither marked nor finished")
  public int getUnmarked() {
    return status.get().unmarked();
  }

  @ManagedAttribute(description = "Files that do not change any more, but are not whole")
  public int getHeldBack() {
    return status.get().heldBack().size();
  }

  @ManagedAttribute(description = "Looks through it since the start")
  public long getLooks() {
    return status.get().looks();
  }

  @ManagedAttribute(description = "ISO 8601; empty before the first")
  public String getLastLook() {
    return text(status.get().lastLook());
  }

  @ManagedAttribute(description = "Milliseconds that the last look took")
  public long getLastLookMillis() {
    return status.get().lastLookTook().toMillis();
  }

  @ManagedAttribute(description = "ISO 8601; empty before the first")
  public String getLastFullLook() {
    return text(status.get().lastFullLook());
  }

  @ManagedAttribute(description = "Milliseconds that the last look at all of it took")
  public long getLastFullLookMillis() {
    return status.get().lastFullLookTook().toMillis();
  }

  @ManagedAttribute(description = "Times that the system had more to tell than it could keep")
  public long getOverflows() {
    return status.get().overflows();
  }

  private static String text(Instant time) {
    return time == null ? "" : time.toString();
  }
}
