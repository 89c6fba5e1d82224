package org.reelway.settings;

/** How the store is asked to encrypt each object. */
public enum EncryptionChoice {
  /** Nothing is asked: the bucket's own default. */
  NONE,
  /** With keys of the store's own (SSE-S3). */
  S3,
  /** With a key of the key management service (SSE-KMS). */
  KMS,
  /** With two layers of it (DSSE-KMS). */
  DSSE,
  /** With a key that goes with every request and is kept by nobody else (SSE-C). */
  CUSTOMER
}
