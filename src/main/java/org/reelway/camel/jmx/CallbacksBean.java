package org.reelway.camel.jmx;

import java.time.Clock;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.reelway.callback.Outbox;

/** The MBean {@code org.reelway:type=Callbacks}. */
@ManagedResource(description = "Callbacks to backends")
public final class CallbacksBean {
  private final Outbox outbox;
  private final Clock clock;

  public CallbacksBean(Outbox outbox, Clock clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  @ManagedAttribute(description = "Callbacks that wait")
  public long getWaiting() {
    return outbox.counts().waiting();
  }

  @ManagedAttribute(description = "Callbacks that were delivered and are still remembered")
  public long getDelivered() {
    return outbox.counts().delivered();
  }

  @ManagedAttribute(description = "Callbacks that were given up")
  public long getDead() {
    return outbox.counts().dead();
  }

  @ManagedAttribute(description = "For how long the oldest one has waited, in seconds; 0 when none does")
  public long getOldestSeconds() {
    return outbox.oldestSeconds(clock.instant());
  }

  @ManagedOperation(description = "Delivers one once more, with the same id; one that waits is tried now")
  public void replay(String id) {
    MBeans.refusing(
        () -> outbox.replay(id).orElseThrow(() -> new IllegalArgumentException("no callback has the id \"" + id + "\"")));
  }
}
