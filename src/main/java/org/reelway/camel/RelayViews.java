package org.reelway.camel;

import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.reelway.stream.supervise.Supervisor;
import org.reelway.stream.supervise.TaskStatus;
import org.reelway.transfer.observe.RelayMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One MBean for each relay, {@code org.reelway:type=Relay,name=<id>}. */
final class RelayViews {
  private static final Logger LOG = LoggerFactory.getLogger(RelayViews.class);

  private final Supervisor relays;
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Set<String> shown = new HashSet<>();

  RelayViews(Supervisor relays) {
    this.relays = relays;
  }

  /** To be called when relays came or went. */
  synchronized void show(List<String> ids) {
    for (String id : ids) {
      if (shown.add(id)) {
        register(id);
      }
    }
    for (String id : Set.copyOf(shown)) {
      if (!ids.contains(id)) {
        shown.remove(id);
        unregister(id);
      }
    }
  }

  private void register(String id) {
    try {
      server.registerMBean(new View(relays, id), name(id));
    } catch (JMException e) {
      LOG.warn("the relay {} is not shown over JMX: {}", id, e.toString());
    }
  }

  private void unregister(String id) {
    try {
      server.unregisterMBean(name(id));
    } catch (JMException e) {
      LOG.debug("{} was not shown", id);
    }
  }

  private static ObjectName name(String id) throws JMException {
    return new ObjectName("org.reelway:type=Relay,name=" + id);
  }

  private record View(Supervisor relays, String id) implements RelayMXBean {
    private <T> T of(java.util.function.Function<TaskStatus, T> what, Supplier<T> gone) {
      return relays.status(id).map(what).orElseGet(gone);
    }

    @Override
    public String getStream() {
      return of(TaskStatus::stream, () -> "");
    }

    @Override
    public String getDestination() {
      return of(TaskStatus::target, () -> "");
    }

    @Override
    public String getBy() {
      return of(TaskStatus::by, () -> "");
    }

    @Override
    public String getState() {
      return of(TaskStatus::state, () -> "stopped");
    }

    @Override
    public String getSince() {
      return of(status -> status.since().toString(), () -> "");
    }

    @Override
    public int getRuns() {
      return of(TaskStatus::runs, () -> 0);
    }

    @Override
    public long getFrames() {
      return of(TaskStatus::frames, () -> 0L);
    }

    @Override
    public long getBytes() {
      return of(TaskStatus::bytes, () -> 0L);
    }

    @Override
    public String getTrouble() {
      return of(TaskStatus::trouble, () -> "");
    }

    @Override
    public void restart() {
      relays.restart(id);
    }
  }
}
