package org.reelway.settings;

/** The sets of rights that S3 has words for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html. */
public enum CannedAcl {
  PRIVATE,
  PUBLIC_READ,
  PUBLIC_READ_WRITE,
  AWS_EXEC_READ,
  AUTHENTICATED_READ,
  BUCKET_OWNER_READ,
  BUCKET_OWNER_FULL_CONTROL
}
