package org.reelway.transfer;

/** Where a transfer is. */
public enum TransferState {
  PREPARING,
  COMPARING,
  SENDING,
  COMPLETING,
  VERIFYING,
  VERIFIED,
  FAILED;

  /** The word used in the API and over JMX. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
