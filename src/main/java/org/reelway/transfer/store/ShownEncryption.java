package org.reelway.transfer.store;

/**
 * How an object is encrypted, as the store shows it; null where it shows nothing.
 *
 * @param algorithm {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}
 * @param kmsKey on AWS the key's ARN
 * @param customerAlgorithm {@code AES256} where the key was the customer's
 * @param customerKeyMd5 of that key, base64
 */
public record ShownEncryption(String algorithm, String kmsKey, String customerAlgorithm, String customerKeyMd5) {
  public static final ShownEncryption NONE = new ShownEncryption(null, null, null, null);

  /** Whether ETags only look like MD5s: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html. */
  public boolean hidesMd5() {
    return customerAlgorithm != null || algorithm != null && algorithm.startsWith("aws:kms");
  }

  /** In words, for messages. */
  @Override
  public String toString() {
    if (customerAlgorithm != null) {
      return customerAlgorithm + " with a customer key";
    }
    return algorithm == null ? "none" : algorithm + (kmsKey == null ? "" : " with key " + kmsKey);
  }
}
