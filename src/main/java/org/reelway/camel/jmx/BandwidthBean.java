package org.reelway.camel.jmx;

import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.settings.BandwidthPlan;
import org.reelway.transfer.bandwidth.Bandwidth;

/** The MBean {@code org.reelway:type=Bandwidth}. */
@ManagedResource(description = "What may go out to all stores together")
public final class BandwidthBean {
  private final Bandwidth bandwidth;

  public BandwidthBean(Bandwidth bandwidth) {
    this.bandwidth = bandwidth;
  }

  @ManagedAttribute(description = "In force: 0 for no limit, a rate, or a timetable, as reelway.transfer.bandwidth has it")
  public String getBandwidth() {
    return bandwidth.plan().toString();
  }

  @ManagedAttribute(description = "Changes it until the next start; the settings are not written")
  public void setBandwidth(String given) {
    MBeans.refusing(() -> bandwidth.use(BandwidthPlan.parse(given.strip())));
  }

  @ManagedAttribute(description = "What the settings say")
  public String getConfigured() {
    return bandwidth.configured().toString();
  }

  @ManagedAttribute(description = "Whether somebody changed it since the start")
  public boolean isChanged() {
    return bandwidth.isChanged();
  }

  @ManagedAttribute(description = "Now, in bytes a second; 0 for no limit")
  public long getLimit() {
    return bandwidth.limit();
  }

  @ManagedAttribute(description = "Bytes of bodies that went out since the start")
  public long getBytesSent() {
    return bandwidth.sent();
  }

  @ManagedOperation(description = "Back to what the settings say")
  public void useConfigured() {
    bandwidth.useConfigured();
  }
}
