package org.reelway.transfer.observe;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.reelway.transfer.TransferObserver;
import org.reelway.transfer.TransferProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transfers under way: one MBean each, {@code org.reelway:type=Transfer,id=…}, for as long as it lasts. */
public final class LiveTransfers implements TransferObserver {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTransfers.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final Map<String, TransferProgress> live = new ConcurrentHashMap<>();

  public Collection<TransferProgress> all() {
    return List.copyOf(live.values());
  }

  public Optional<TransferProgress> find(String recordingId) {
    return Optional.ofNullable(live.get(recordingId));
  }

  @Override
  public void started(TransferProgress transfer) {
    live.put(transfer.id(), transfer);
    try {
      server.registerMBean(new TransferView(transfer), name(transfer));
    } catch (InstanceAlreadyExistsException e) {
      LOG.debug("{} is shown already", transfer.id());
    } catch (JMException e) {
      LOG.warn("the transfer of {} is not shown over JMX: {}", transfer.recording().file(), e.toString());
    }
  }

  @Override
  public void ended(TransferProgress transfer) {
    live.remove(transfer.id(), transfer);
    try {
      server.unregisterMBean(name(transfer));
    } catch (JMException e) {
      LOG.debug("{} was not shown", transfer.id());
    }
  }

  private static ObjectName name(TransferProgress transfer) throws JMException {
    return new ObjectName("org.reelway:type=Transfer,id=" + transfer.id());
  }

  private record TransferView(TransferProgress transfer) implements TransferMXBean {
    @Override
    public String getRecordingId() {
      return transfer.id();
    }

    @Override
    public String getFile() {
      return transfer.recording().file().toString();
    }

    @Override
    public String getBucket() {
      return transfer.bucket();
    }

    @Override
    public String getKey() {
      return transfer.key();
    }

    @Override
    public long getSize() {
      return transfer.size();
    }

    @Override
    public long getBytesDone() {
      return transfer.bytesDone();
    }

    @Override
    public long getBytesSent() {
      return transfer.bytesSent();
    }

    @Override
    public long getBytesPerSecond() {
      return transfer.bytesPerSecond();
    }

    @Override
    public int getPartsTotal() {
      return transfer.partsTotal();
    }

    @Override
    public int getPartsDone() {
      return transfer.partsDone();
    }

    @Override
    public int getPartsResumed() {
      return transfer.partsResumed();
    }

    @Override
    public long getRetries() {
      return transfer.retries();
    }

    @Override
    public String getState() {
      return transfer.state().word();
    }

    @Override
    public String getLastError() {
      return transfer.lastError();
    }

    @Override
    public String getStartedAt() {
      return transfer.startedAt().toString();
    }
  }
}
