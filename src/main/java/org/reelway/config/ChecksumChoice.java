package org.reelway.config;

/** The checksum that the store is asked to verify. */
public enum ChecksumChoice {
  /** The strongest that the store was found to take. */
  AUTO,
  CRC64NVME,
  CRC32C,
  MD5,
  NONE
}
