package org.reelway.recording;

import java.util.Optional;

/** What a marker says, read without trust. */
public sealed interface MarkerContent {

  /** Nothing was begun: start from the file. */
  record Start(String stream) implements MarkerContent {
    public static final Start EMPTY = new Start(null);
  }

  /**
   * The file changed while it was sent, or took the name of one that was, and nobody has said since that it is finished:
   * it is sent once it has not changed for a while. Whoever marks it anew says that it is.
   */
  record Replaced(String stream) implements MarkerContent {}

  /** A multipart upload was begun, by Reelway or by the Wowza module. */
  record Resume(UploadState upload, String stream) implements MarkerContent {}

  /** The object was verified; only what follows the transfer is left. */
  record Verified(VerifiedState verified, String stream) implements MarkerContent {}

  /** Torn, foreign or unreadable; the reason is for people. */
  record Unusable(String reason) implements MarkerContent {}

  /** The stream's name where the hook gave one. */
  default Optional<String> streamName() {
    String stream = null;
    if (this instanceof Start start) {
      stream = start.stream();
    } else if (this instanceof Replaced replaced) {
      stream = replaced.stream();
    } else if (this instanceof Resume resume) {
      stream = resume.stream();
    } else if (this instanceof Verified verified) {
      stream = verified.stream();
    }
    return Optional.ofNullable(stream);
  }

  /**
   * @param partSize bytes
   * @param threshold bytes from which the writer used several parts
   * @param file null where the marker did not say (the Wowza module does not): the parts' checksums decide then
   * @param checksum the checksum kind's word that was declared at the upload's creation, null where unknown
   * @param ours whether Reelway created the upload; only then may it be aborted
   * @param store name of the store that it is in; empty for the primary
   */
  record UploadState(
      String bucket,
      String key,
      String uploadId,
      long partSize,
      long threshold,
      FileIdentity file,
      String checksum,
      boolean ours,
      String store) {

    /** In the primary store. */
    public UploadState(
        String bucket, String key, String uploadId, long partSize, long threshold, FileIdentity file, String checksum,
        boolean ours) {
      this(bucket, key, uploadId, partSize, threshold, file, checksum, ours, "");
    }

    /** The same under another name of its store. */
    public UploadState in(String otherStore) {
      return new UploadState(bucket, key, uploadId, partSize, threshold, file, checksum, ours, otherStore);
    }
  }

  /**
   * @param file of the recording that was verified
   * @param etag without quotes
   * @param versionId null where the bucket keeps no versions
   * @param evidence what the verification compared, for instance {@code crc64nvme:…}
   * @param store name of the store that it is in; empty for the primary
   */
  record VerifiedState(
      String bucket, String key, FileIdentity file, String etag, String versionId, String evidence, String store) {

    /** In the primary store. */
    public VerifiedState(
        String bucket, String key, FileIdentity file, String etag, String versionId, String evidence) {
      this(bucket, key, file, etag, versionId, evidence, "");
    }
  }
}
