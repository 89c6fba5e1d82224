package org.reelway.testkit;

import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.reelway.transfer.store.AbortRule;
import org.reelway.transfer.store.Body;
import org.reelway.transfer.store.Checksum;
import org.reelway.transfer.store.ChecksumKind;
import org.reelway.transfer.store.Encryption;
import org.reelway.transfer.store.ListedObject;
import org.reelway.transfer.store.ObjectAttributes;
import org.reelway.transfer.store.Precondition;
import org.reelway.transfer.store.Sent;
import org.reelway.transfer.store.Store;
import org.reelway.transfer.store.StoredObject;
import org.reelway.transfer.store.StoredPart;
import org.reelway.transfer.store.UnfinishedUpload;

/** A real store; a test overrides the calls that some store out there answers differently. */
public class ForwardingStore implements Store {
  protected final Store real;

  public ForwardingStore(Store real) {
    this.real = real;
  }

  @Override
  public String address() {
    return real.address();
  }

  @Override
  public String address(String bucket, String key) {
    return real.address(bucket, key);
  }

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String setting(String word) {
    return real.setting(word);
  }

  @Override
  public Encryption encryption() {
    return real.encryption();
  }

  @Override
  public void headBucket(String bucket) {
    real.headBucket(bucket);
  }

  @Override
  public Optional<StoredObject> head(String bucket, String key) {
    return real.head(bucket, key);
  }

  @Override
  public boolean refusesChecksumsOfHead() {
    return real.refusesChecksumsOfHead();
  }

  @Override
  public StoredObject put(
      String bucket,
      String key,
      Body body,
      Checksum checksum,
      ObjectAttributes attributes,
      Precondition precondition,
      Sent sent) {
    return real.put(bucket, key, body, checksum, attributes, precondition, sent);
  }

  @Override
  public String createMultipart(String bucket, String key, ObjectAttributes attributes, ChecksumKind kind) {
    return real.createMultipart(bucket, key, attributes, kind);
  }

  @Override
  public StoredPart uploadPart(
      String bucket, String key, String uploadId, int number, Body body, Checksum checksum, Sent sent) {
    return real.uploadPart(bucket, key, uploadId, number, body, checksum, sent);
  }

  @Override
  public List<StoredPart> listParts(String bucket, String key, String uploadId) {
    return real.listParts(bucket, key, uploadId);
  }

  @Override
  public StoredObject completeMultipart(
      String bucket, String key, String uploadId, List<StoredPart> parts, Checksum full, Precondition precondition) {
    return real.completeMultipart(bucket, key, uploadId, parts, full, precondition);
  }

  @Override
  public void abortMultipart(String bucket, String key, String uploadId) {
    real.abortMultipart(bucket, key, uploadId);
  }

  @Override
  public List<UnfinishedUpload> listUnfinished(String bucket, String prefix) {
    return real.listUnfinished(bucket, prefix);
  }

  @Override
  public void list(String bucket, String prefix, Consumer<ListedObject> each) {
    real.list(bucket, prefix, each);
  }

  @Override
  public void get(String bucket, String key, long offset, long length, OutputStream to) {
    real.get(bucket, key, offset, length, to);
  }

  @Override
  public List<AbortRule> abortRules(String bucket) {
    return real.abortRules(bucket);
  }

  @Override
  public void get(String bucket, String key, OutputStream to) {
    real.get(bucket, key, to);
  }

  @Override
  public void delete(String bucket, String key) {
    real.delete(bucket, key);
  }

  @Override
  public void close() {
    real.close();
  }
}
