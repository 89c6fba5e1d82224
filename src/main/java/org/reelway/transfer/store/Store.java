package org.reelway.transfer.store;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An S3-compatible store: the few calls that transfers need. Every call is one attempt; whoever calls decides on
 * retries. Every error is a {@link StoreFailure}. Implementations are safe for use by many threads.
 */
public interface Store extends AutoCloseable {

  /** The store's address for people: scheme, host and port, never credentials. */
  String address();

  /** The object's address for people, path or virtual-host style as requests use it. */
  String address(String bucket, String key);

  /** As {@code reelway.stores} has it; empty for the primary store. */
  default String name() {
    return "";
  }

  /** The name of one of this store's settings, such as {@code reelway.store.bucket} for {@code bucket}: for messages. */
  String setting(String word);

  /** What every object that is written here is encrypted with. */
  Encryption encryption();

  /** Fails unless the bucket is there and may be used. */
  void headBucket(String bucket);

  /** With the object's checksums, unless {@link #refusesChecksumsOfHead}; empty where no object is at the key. */
  Optional<StoredObject> head(String bucket, String key);

  /** Whether the store was found to refuse a HEAD that asks for checksums. */
  boolean refusesChecksumsOfHead();

  /** @param checksum of the whole body, or null to send none */
  StoredObject put(
      String bucket,
      String key,
      Body body,
      Checksum checksum,
      ObjectAttributes attributes,
      Precondition precondition,
      Sent sent);

  /**
   * @param kind declared to the store (with type FULL_OBJECT for the CRCs); {@link ChecksumKind#MD5} and {@link
   *     ChecksumKind#NONE} declare nothing
   * @return the upload id
   */
  String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind);

  /** @param checksum of this part, or null to send none */
  StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent);

  /** All parts, over all pages, by number; where the id is unknown, stores differ in what they answer. */
  List<StoredPart> listParts(String bucket, String key, String uploadId);

  /**
   * A 200 whose body is an error is a {@link StoreFailure}.
   *
   * @param parts by number; ETags and checksums of the upload's kind are sent along
   * @param fullObject the whole object's checksum, or null to send none
   */
  StoredObject completeMultipart(
      String bucket,
      String key,
      String uploadId,
      List<StoredPart> parts,
      Checksum fullObject,
      Precondition precondition);

  /** An unknown id is no failure. */
  void abortMultipart(String bucket, String key, String uploadId);

  /** All unfinished uploads whose key starts with the prefix, over all pages. */
  List<UnfinishedUpload> listUnfinished(String bucket, String prefix);

  /**
   * Every object whose key starts with the prefix, in the store's order, over all pages; one page is in memory at a
   * time.
   *
   * @param each told of one after the other on this thread; what it throws ends the listing
   */
  void list(String bucket, String prefix, Consumer<ListedObject> each);

  /** The bucket's own rules that abort unfinished uploads, those in force only; empty where it has no rules. */
  List<AbortRule> abortRules(String bucket);

  /** Writes the object's bytes, whole; an answer that ends early is a failure. */
  void get(String bucket, String key, OutputStream to);

  /**
   * Writes a range of the object's bytes.
   *
   * @param offset from 0
   * @param length at least 1; fewer bytes than this, also because the object ends before, are a failure
   */
  void get(String bucket, String key, long offset, long length, OutputStream to);

  /** No object at the key is no failure. */
  void delete(String bucket, String key);

  @Override
  void close();
}
