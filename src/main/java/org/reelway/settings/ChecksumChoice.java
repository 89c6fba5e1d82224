package org.reelway.settings;

/** The checksum that the store is asked to verify. */
public enum ChecksumChoice {
  /** The cheapest that the store was found to check. */
  AUTO,
  CRC64NVME,
  CRC32C,
  MD5,
  NONE
}
