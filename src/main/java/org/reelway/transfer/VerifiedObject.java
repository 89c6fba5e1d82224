package org.reelway.transfer;

import org.reelway.recording.FileIdentity;
import org.reelway.recording.MarkerContent.Verified;
import org.reelway.recording.MarkerContent.VerifiedState;

/** Proof that a recording is in the store: only {@link Verification} makes one. */
public final class VerifiedObject {
  private final String store;
  private final String bucket;
  private final String key;
  private final String address;
  private final FileIdentity file;
  private final String etag;
  private final String versionId;
  private final String evidence;

  VerifiedObject(
      String store,
      String bucket,
      String key,
      String address,
      FileIdentity file,
      String etag,
      String versionId,
      String evidence) {
    this.store = store;
    this.bucket = bucket;
    this.key = key;
    this.address = address;
    this.file = file;
    this.etag = etag;
    this.versionId = versionId;
    this.evidence = evidence;
  }

  /** Name of the store that it is in; empty for the primary, and for the backup. */
  public String store() {
    return store;
  }

  public String bucket() {
    return bucket;
  }

  public String key() {
    return key;
  }

  /** The object's URL, without credentials. */
  public String address() {
    return address;
  }

  /** Of the file whose bytes were verified; only this one may be tidied. */
  public FileIdentity file() {
    return file;
  }

  /** Without quotes. */
  public String etag() {
    return etag;
  }

  /** Null where the bucket keeps no versions. */
  public String versionId() {
    return versionId;
  }

  /** What was compared: {@code crc64nvme:…}, {@code crc32c:…}, {@code md5:…} or {@code size}. */
  public String evidence() {
    return evidence;
  }

  /** What the recording's marker says from then on. @param stream that it is of; null where none is known */
  public Verified marker(String stream) {
    return new Verified(new VerifiedState(bucket, key, file, etag, versionId, evidence, store), stream);
  }

  @Override
  public String toString() {
    return address + " (" + evidence + ")";
  }
}
