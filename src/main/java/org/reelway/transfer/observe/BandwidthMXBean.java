package org.reelway.transfer.observe;

/** What may go out a second, as JMX shows and changes it. */
public interface BandwidthMXBean {
  /** What is in force: 0 for no limit, a rate, or a timetable, as {@code reelway.transfer.bandwidth} has it. */
  String getBandwidth();

  /** Changes it until the next start; the settings are not written. */
  void setBandwidth(String bandwidth);

  /** What the settings say. */
  String getConfigured();

  /** Whether somebody changed it since the start. */
  boolean isChanged();

  /** Bytes a second now; 0 for no limit. */
  long getLimit();

  /** Bytes of bodies that went out since the start. */
  long getBytesSent();

  /** Back to what the settings say. */
  void useConfigured();
}
