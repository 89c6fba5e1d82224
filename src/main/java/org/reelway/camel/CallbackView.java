package org.reelway.camel;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import javax.management.JMException;
import javax.management.ObjectName;
import org.reelway.callback.Outbox;
import org.reelway.failure.InputFailure;
import org.reelway.transfer.observe.CallbacksMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MBean {@code org.reelway:type=Callbacks}. */
public final class CallbackView implements CallbacksMXBean, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackView.class);
  private static final String NAME = "org.reelway:type=Callbacks";

  private final Outbox outbox;
  private final Clock clock;

  private CallbackView(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  static CallbackView show(Outbox outbox, Clock clock) {
    CallbackView view = new CallbackView(outbox, clock);
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(view, new ObjectName(NAME));
    } catch (JMException e) {
      LOG.debug("callbacks are not shown over JMX: {}", e.toString());
    }
    return view;
  }

  @Override
  public long getWaiting() {
    return outbox.counts().waiting();
  }

  @Override
  public long getDelivered() {
    return outbox.counts().delivered();
  }

  @Override
  public long getDead() {
    return outbox.counts().dead();
  }

  @Override
  public long getOldestSeconds() {
    return CallbackMetrics.oldestSeconds(outbox, clock);
  }

  @Override
  public void replay(String id) {
    try {
      outbox.replay(id).orElseThrow(() -> new IllegalArgumentException("no callback has the id \"" + id + "\""));
    } catch (InputFailure e) {
      // A client of JMX need not know our classes.
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
    } catch (JMException e) {
      LOG.debug("callbacks were not shown");
    }
  }
}
