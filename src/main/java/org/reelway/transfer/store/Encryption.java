package org.reelway.transfer.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.reelway.failure.OurFailure;

/**
 * What the store is told of how to encrypt each object.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html">the kinds</a>
 */
public sealed interface Encryption {
  Encryption NONE = new None();

  /** Headers of calls that make an object: put, and the creation of a multipart upload. */
  Map<String, String> whenWriting();

  /** Headers of calls on an object or its parts that need the customer's key again. */
  default Map<String, String> whenUsing() {
    return Map.of();
  }

  /** Whether an object that is shown so is encrypted as was told. */
  boolean isKeptBy(ShownEncryption shown);

  /** Whether ETags only look like MD5s. */
  default boolean hidesMd5() {
    return false;
  }

  /** In words, for messages; never a secret. */
  String inWords();

  /** The bucket's own default. */
  record None() implements Encryption {
    @Override
    public Map<String, String> whenWriting() {
      return Map.of();
    }

    @Override
    public boolean isKeptBy(ShownEncryption shown) {
      return true;
    }

    @Override
    public String inWords() {
      return "none";
    }
  }

  /** SSE-S3: with keys of the store's own. */
  record StoreKeys() implements Encryption {
    @Override
    public Map<String, String> whenWriting() {
      return Map.of("x-amz-server-side-encryption", "AES256");
    }

    /** A store that only knows keys of its key service does more than was asked. */
    @Override
    public boolean isKeptBy(ShownEncryption shown) {
      return shown.algorithm() != null;
    }

    @Override
    public String inWords() {
      return "AES256";
    }
  }

  /**
   * SSE-KMS or DSSE-KMS.
   *
   * @param algorithm {@code aws:kms} or {@code aws:kms:dsse}
   * @param key id, ARN or alias; null for the store's default
   * @param bucketKey null to leave it to the bucket
   * @param context may be empty
   */
  record Kms(String algorithm, String key, Boolean bucketKey, Map<String, String> context) implements Encryption {
    public Kms {
      context = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(context));
    }

    @Override
    public Map<String, String> whenWriting() {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("x-amz-server-side-encryption", algorithm);
      if (key != null) {
        headers.put("x-amz-server-side-encryption-aws-kms-key-id", key);
      }
      if (bucketKey != null) {
        headers.put("x-amz-server-side-encryption-bucket-key-enabled", bucketKey.toString());
      }
      if (!context.isEmpty()) {
        headers.put("x-amz-server-side-encryption-context", base64(json()));
      }
      return headers;
    }

    /** Names and values are printable ASCII without quotes and backslashes. */
    private String json() {
      return context.entrySet().stream()
          .map(entry -> '"' + entry.getKey() + "\":\"" + entry.getValue() + '"')
          .collect(Collectors.joining(",", "{", "}"));
    }

    private static String base64(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean hidesMd5() {
      return true;
    }

    /** An alias cannot be compared with the ARN that is shown. */
    @Override
    public boolean isKeptBy(ShownEncryption shown) {
      boolean comparable = key != null && !key.contains("alias/") && shown.kmsKey() != null;
      return algorithm.equals(shown.algorithm()) && (!comparable || id(shown.kmsKey()).equals(id(key)));
    }

    private static String id(String keyOrArn) {
      return keyOrArn.substring(Math.max(keyOrArn.lastIndexOf('/'), keyOrArn.lastIndexOf(':')) + 1);
    }

    @Override
    public String inWords() {
      return algorithm + (key == null ? "" : " with key " + key);
    }
  }

  /** SSE-C: with a key that every request carries. */
  final class CustomerKey implements Encryption {
    private static final String PREFIX = "x-amz-server-side-encryption-customer-";
    private final Map<String, String> headers;
    private final String md5;

    /** @param base64 of 32 bytes */
    public CustomerKey(String base64) {
      try {
        byte[] digest = MessageDigest.getInstance("MD5").digest(Base64.getDecoder().decode(base64));
        md5 = Base64.getEncoder().encodeToString(digest);
      } catch (NoSuchAlgorithmException e) {
        throw new OurFailure("this Java has no MD5", e);
      }
      headers = Map.of(PREFIX + "algorithm", "AES256", PREFIX + "key", base64, PREFIX + "key-MD5", md5);
    }

    @Override
    public Map<String, String> whenWriting() {
      return headers;
    }

    @Override
    public Map<String, String> whenUsing() {
      return headers;
    }

    @Override
    public boolean hidesMd5() {
      return true;
    }

    @Override
    public boolean isKeptBy(ShownEncryption shown) {
      boolean sameKey = shown.customerKeyMd5() == null || shown.customerKeyMd5().equals(md5);
      return "AES256".equals(shown.customerAlgorithm()) && sameKey;
    }

    @Override
    public String inWords() {
      return "AES256 with a customer key";
    }

    @Override
    public String toString() {
      return inWords();
    }
  }
}
