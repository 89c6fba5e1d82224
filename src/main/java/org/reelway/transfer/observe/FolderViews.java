package org.reelway.transfer.observe;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.reelway.recording.FolderStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One MBean for each watched folder, {@code org.reelway:type=Folder,name="/path"}. */
public final class FolderViews {
  private static final Logger LOG = LoggerFactory.getLogger(FolderViews.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  public void add(Path folder, Supplier<FolderStatus> status) {
    try {
      server.registerMBean(new View(status), name(folder));
    } catch (JMException e) {
      LOG.warn("the folder {} is not shown over JMX: {}", folder, e.toString());
    }
  }

  public void remove(Path folder) {
    try {
      server.unregisterMBean(name(folder));
    } catch (JMException e) {
      LOG.debug("{} was not shown", folder);
    }
  }

  private static ObjectName name(Path folder) throws JMException {
    return new ObjectName("org.reelway:type=Folder,name=" + ObjectName.quote(folder.toString()));
  }

  private record View(Supplier<FolderStatus> status) implements FolderMXBean {
    private static String text(Instant time) {
      return time == null ? "" : time.toString();
    }

    @Override
    public String getFolder() {
      return status.get().folder().toString();
    }

    @Override
    public String getMode() {
      return status.get().mode().kind().word();
    }

    @Override
    public String getReason() {
      return status.get().mode().reason();
    }

    @Override
    public String getModeSince() {
      return text(status.get().modeSince());
    }

    @Override
    public int getSubfolders() {
      return status.get().subfolders();
    }

    @Override
    public int getWatched() {
      return status.get().watched();
    }

    @Override
    public int getMarked() {
      return status.get().marked();
    }

    @Override
    public int getUnmarked() {
      return status.get().unmarked();
    }

    @Override
    public int getHeldBack() {
      return status.get().heldBack().size();
    }

    @Override
    public long getLooks() {
      return status.get().looks();
    }

    @Override
    public String getLastLook() {
      return text(status.get().lastLook());
    }

    @Override
    public long getLastLookMillis() {
      return status.get().lastLookTook().toMillis();
    }

    @Override
    public String getLastFullLook() {
      return text(status.get().lastFullLook());
    }

    @Override
    public long getLastFullLookMillis() {
      return status.get().lastFullLookTook().toMillis();
    }

    @Override
    public long getOverflows() {
      return status.get().overflows();
    }
  }
}
