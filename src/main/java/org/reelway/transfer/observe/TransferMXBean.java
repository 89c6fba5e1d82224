package org.reelway.transfer.observe;

/** One transfer under way, as JMX and Hawtio show it. Read only. */
public interface TransferMXBean {
  String getRecordingId();

  String getFile();

  String getBucket();

  String getKey();

  /** Bytes of the file. */
  long getSize();

  /** Bytes that the store holds or that are on their way. */
  long getBytesDone();

  /** Body bytes sent in this try, repeated ones included. */
  long getBytesSent();

  long getBytesPerSecond();

  int getPartsTotal();

  int getPartsDone();

  /** Parts that the store held from before this try. */
  int getPartsResumed();

  long getRetries();

  String getState();

  /** Empty where nothing went wrong. */
  String getLastError();

  /** ISO 8601. */
  String getStartedAt();
}
