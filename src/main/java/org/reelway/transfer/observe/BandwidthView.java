package org.reelway.transfer.observe;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import org.reelway.failure.InputFailure;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.Bandwidth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MBean {@code org.reelway:type=Bandwidth}. */
public final class BandwidthView implements BandwidthMXBean, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BandwidthView.class);
  private static final String NAME = "org.reelway:type=Bandwidth";

  private final Bandwidth bandwidth;

  private BandwidthView(Bandwidth bandwidth) {
    this.bandwidth = bandwidth;
  }

  public static BandwidthView show(Bandwidth bandwidth) {
    BandwidthView view = new BandwidthView(bandwidth);
    try {
      ManagementFactory.getPlatformMBeanServer().registerMBean(view, new ObjectName(NAME));
    } catch (JMException e) {
      LOG.debug("the bandwidth is not shown over JMX: {}", e.toString());
    }
    return view;
  }

  @Override
  public String getBandwidth() {
    return bandwidth.plan().toString();
  }

  @Override
  public void setBandwidth(String given) {
    try {
      bandwidth.use(BandwidthPlan.parse(given.strip()));
    } catch (InputFailure e) {
      // A client of JMX need not know our classes.
      throw new IllegalArgumentException(e.getMessage());
    }
  }

  @Override
  public String getConfigured() {
    return bandwidth.configured().toString();
  }

  @Override
  public boolean isChanged() {
    return bandwidth.isChanged();
  }

  @Override
  public long getLimit() {
    return bandwidth.limit();
  }

  @Override
  public long getBytesSent() {
    return bandwidth.sent();
  }

  @Override
  public void useConfigured() {
    bandwidth.useConfigured();
  }

  @Override
  public void close() {
    try {
      ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
    } catch (JMException e) {
      LOG.debug("the bandwidth was not shown");
    }
  }
}
